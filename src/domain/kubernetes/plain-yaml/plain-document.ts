import { advance, atItem, keyEnd, linesOf, moveTo, type Lines } from './lines.js';
import { scalarOf, type Scalars } from './scalar.js';
import type { StreamPart } from './stream-parts.js';

/** A document that was read: its value, and the offset at which that begins. */
export interface PlainDocument {
  readonly value: unknown;
  readonly at: number;
}

/** Half of what the `yaml` package is let down to: what is deeper is for it to refuse. */
const MAX_DEPTH = 100;
/** YAML lets a key on one line have 1,024 characters. */
const MAX_KEY = 1000;

/** A tab moves columns; other control characters mean something to the lexer of the package. */
const CONTROL = /[\0-\x09\x0b-\x1f]/;

/**
 * Takes one document of a text. Gives its value where it is plain block YAML beyond doubt (null where there is nothing in it), and
 * undefined where it is anything else, broken or not. `scalars` may be kept from document to document.
 * @example plainDocument('a:\n- 1\n', { from: 0, body: 0, end: 7 }, new Map()) // { value: { a: [1] }, at: 0 }
 */
export function plainDocument(text: string, { body, end }: StreamPart, scalars: Scalars): PlainDocument | undefined {
  if (body < 0 || CONTROL.test(text.slice(body, end))) return undefined;
  const lines = linesOf(text, body, end);
  const { at, column } = lines;
  if (column < 0) return { value: null, at };
  const value = block(lines, scalars, 1);
  return value === undefined || lines.column >= 0 ? undefined : { value, at };
}

/**
 * From here on, undefined says: not sure. A reader that gives a value has gone on to the first line that is not its own: whose column
 * nobody waits for is left over when all have returned.
 */
function block(lines: Lines, scalars: Scalars, depth: number): unknown {
  if (depth > MAX_DEPTH) return undefined;
  return atItem(lines) ? sequence(lines, scalars, depth) : mapping(lines, scalars, depth);
}

function mapping(lines: Lines, scalars: Scalars, depth: number): unknown {
  const { column } = lines;
  const map: Record<string, unknown> = {};
  while (lines.column === column) {
    const key = takeKey(lines, scalars);
    if (key === undefined || Object.hasOwn(map, key)) return undefined;
    const value = lines.at < lines.stop ? inline(lines, scalars) : below(lines, column, scalars, depth);
    if (value === undefined) return undefined;
    put(map, key, value);
  }
  return map;
}

/** `__proto__` would be no key, were it assigned. */
function put(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') map[key] = value;
  else Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
}

/** A key that is a string, and the colon behind it. */
function takeKey(lines: Lines, scalars: Scalars): string | undefined {
  const end = keyEnd(lines);
  if (end < 0 || end - lines.at > MAX_KEY) return undefined;
  const key = scalarOf(lines.text.slice(lines.at, end), scalars);
  if (typeof key !== 'string') return undefined;
  moveTo(lines, end + 1);
  return key;
}

/** What stands under a key: deeper, a list at the same column, or nothing. */
function below(lines: Lines, column: number, scalars: Scalars, depth: number): unknown {
  advance(lines);
  if (lines.column > column || (lines.column === column && atItem(lines))) return block(lines, scalars, depth + 1);
  return null;
}

function sequence(lines: Lines, scalars: Scalars, depth: number): unknown {
  const { column } = lines;
  const list: unknown[] = [];
  while (lines.column === column && atItem(lines)) {
    moveTo(lines, lines.at + 1);
    const value = lines.at < lines.stop ? item(lines, scalars, depth) : underItem(lines, column, scalars, depth);
    if (value === undefined) return undefined;
    list.push(value);
  }
  return list;
}

/** What stands behind the sign of an item, on its line: a list or mapping that begins there, or a scalar. */
function item(lines: Lines, scalars: Scalars, depth: number): unknown {
  return atItem(lines) || keyEnd(lines) >= 0 ? block(lines, scalars, depth + 1) : inline(lines, scalars);
}

function underItem(lines: Lines, column: number, scalars: Scalars, depth: number): unknown {
  advance(lines);
  return lines.column > column ? block(lines, scalars, depth + 1) : null;
}

/** The rest of the line, as a value. */
function inline(lines: Lines, scalars: Scalars): unknown {
  const { text, at, stop } = lines;
  advance(lines);
  const raw = text.slice(at, stop);
  if (raw === '{}') return {};
  return raw === '[]' ? [] : scalarOf(raw, scalars);
}
