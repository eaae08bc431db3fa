import { type Problem, SluiceError } from '../domain/errors.js';
import { pointer } from './parse.js';

/** Deeper than any body of the API, shallow enough for every recursive reader of it. */
export const DEPTH_MAX = 64;
/** Definitions of custom resources describe themselves in schemas of schemas. */
export const ANALYSIS_DEPTH_MAX = 200;

/** A body as it was sent: those of the analysis may be whole clusters, so they are read where they are judged. */
export interface RawBody {
  readonly media: 'json' | 'yaml';
  readonly text: string;
}

/**
 * Reads JSON from a client. Refuses (malformed) broken JSON, keys that could pollute a prototype, and nesting deeper than `depth`.
 * @example readJson('{"name": "shop"}', DEPTH_MAX) // { name: 'shop' }
 */
export function readJson(body: string, depth: number): unknown {
  if (isTooDeep(body, depth)) throw new SluiceError('malformed', `the body is nested deeper than ${depth} levels`);
  const value = readText(body);
  const problems = MAY_POLLUTE.test(body) ? pollutingKeys(value, []) : [];
  if (problems.length === 0) return value;
  const said = problems.slice(0, 100);
  throw new SluiceError('malformed', `the body has keys that no object may have: ${said[0]?.detail}`, said);
}

function readText(body: string): unknown {
  try {
    return JSON.parse(body.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new SluiceError('malformed', `the body is not JSON: ${(cause as Error).message.slice(0, 200)}`, [], {
      cause,
    });
  }
}

/** A first look: keys may be written with escapes. */
const MAY_POLLUTE = /__proto__|prototype|\\u/;

/** `__proto__`, and a `prototype` in a `constructor`: harmless here, but not in whatever merges objects carelessly. */
function pollutingKeys(value: unknown, path: readonly string[]): Problem[] {
  if (typeof value !== 'object' || value === null) return [];
  const isConstructor = path.at(-1) === 'constructor';
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, key];
    if (key !== '__proto__' && !(isConstructor && key === 'prototype')) return pollutingKeys(inner, at);
    return [{ pointer: pointer(at), code: 'forbidden-key', detail: `leave out "${at.join('.')}"`, value: key }];
  });
}

/** Brackets outside strings, counted in one walk before anything recurses. */
function isTooDeep(text: string, most: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > most) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}
