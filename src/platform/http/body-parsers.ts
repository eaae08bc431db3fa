import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Problem, SluiceError } from '../../domain/errors.js';
import { pointer } from '../../schema/parse.js';
import { ANALYSIS_LIMITS, type AnalysisLimits } from '../analysis-limits.js';

/** Deeper than any body of the API, shallow enough for every recursive reader of it. */
const DEPTH_MAX = 64;
/** Definitions of custom resources describe themselves in schemas of schemas. */
const ANALYSIS_DEPTH_MAX = 200;

/** Whole clusters are sent to the analysis; everything else of the API is small. */
const ANALYSIS = '/v1/analysis/';
const MIB = 1024 * 1024;
const YAML = ['application/yaml', 'application/x-yaml', 'text/yaml'];

/**
 * JSON and merge-patch bodies, YAML for the analysis, and nothing else: any other type is a 415. Refuses (malformed) broken JSON, keys that could pollute a
 * prototype, and nesting that no body needs; an absent body is undefined.
 */
export function registerBodyParsers(fastify: FastifyInstance, limits: AnalysisLimits = ANALYSIS_LIMITS): void {
  fastify.removeAllContentTypeParsers();
  fastify.addHook('onRoute', (route) => {
    if (route.url.startsWith(ANALYSIS)) route.bodyLimit = Math.max(limits.jsonMib, limits.yamlMib) * MIB;
  });
  fastify.addContentTypeParser(YAML, { parseAs: 'string' }, readYaml(limits) as never);
  fastify.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'string' },
    readJson(limits) as never,
  );
}

type Parser = (request: FastifyRequest, body: string, done: (error: Error | null, value?: unknown) => void) => void;

function readJson({ jsonMib }: AnalysisLimits): Parser {
  return (request, body, done) => {
    if (body === '') return done(null, undefined);
    const isAnalysis = request.url.startsWith(ANALYSIS);
    if (isAnalysis && Buffer.byteLength(body) > jsonMib * MIB) return done(tooLarge(`${jsonMib} MiB of JSON`));
    try {
      return done(null, parseJson(body, isAnalysis ? ANALYSIS_DEPTH_MAX : DEPTH_MAX));
    } catch (error) {
      return done(error as Error);
    }
  };
}

function tooLarge(limit: string): SluiceError {
  return new SluiceError('payload-too-large', `the body is larger than the ${limit} that this takes`);
}

function parseJson(body: string, depth: number): unknown {
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

/** Left as text: the reader of manifests names the line that is wrong. */
function readYaml({ yamlMib }: AnalysisLimits): Parser {
  return (request, body, done) => {
    if (!request.url.startsWith(ANALYSIS))
      return done(new SluiceError('unsupported-media-type', 'YAML is for the analysis only: send application/json'));
    if (Buffer.byteLength(body) > yamlMib * MIB) return done(tooLarge(`${yamlMib} MiB of YAML`));
    return done(null, body);
  };
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
