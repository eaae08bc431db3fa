import {
  Composer,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  type Document,
} from 'yaml';
import type { CST } from 'yaml';
import { SluiceError } from '../errors.js';
import { showValue } from './fields.js';
import { plainDocument } from './plain-yaml/plain-document.js';
import type { Scalars } from './plain-yaml/scalar.js';
import { streamParts, type StreamPart } from './plain-yaml/stream-parts.js';
import { asTemplate, templateError } from './templates.js';

/** Deeper than any Kubernetes object, and far from where the recursion of a YAML reader ends the process. */
const MAX_DEPTH = 200;
/** An estate of ten thousand services has half as many; each costs its share even where nothing is in it. */
const MAX_DOCUMENTS = 100_000;
/** Sixteen megabytes of manifests have half a million. */
const MAX_LINES = 2_000_000;

/** How often one alias may be used in a document, and how far aliases of aliases may grow. */
const MAX_USES = 100;

/** One document of a stream: its value, and the line it begins on, from 1. */
export interface YamlDocument {
  readonly value: unknown;
  readonly line: number;
}

/**
 * Reads a stream of YAML documents, and JSON as it is YAML. Empty documents are left out. Refuses what is no YAML, repeated
 * keys, nesting deeper than 200 and aliases that would grow without bound, naming the line.
 * @example parseYaml('kind: Pod\n---\nkind: Service') // [{ value: { kind: 'Pod' }, line: 1 }, { value: { kind: 'Service' }, line: 3 }]
 */
export function parseYaml(text: string): readonly YamlDocument[] {
  refuseTooMany(text);
  try {
    return parse(text);
  } catch (error) {
    const line = BROKEN_AT.exec(error instanceof SluiceError ? error.message : '')?.[1];
    throw line === undefined ? error : asTemplate(text, Number(line), error as SluiceError);
  }
}

/** Seen before anything is read: a million documents in which there is nothing would take seconds. */
function refuseTooMany(text: string): void {
  const refuseAt = (limit: number, what: string) =>
    new SluiceError('payload-too-large', `there are more than ${limit} ${what} in one text: send fewer at a time`);
  let [documents, lines] = [0, 0];
  for (let at = 0; at >= 0 && at < text.length; at = nextLine(text, at)) {
    if (++lines > MAX_LINES) throw refuseAt(MAX_LINES, 'lines');
    const begins = text.startsWith('---', at) || text.startsWith('...', at);
    if (begins && ++documents > MAX_DOCUMENTS) throw refuseAt(MAX_DOCUMENTS, 'documents');
  }
}

function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? -1 : end + 1;
}

/** What is plain is read by our own reader, many times faster, and every other document by the package. */
function parse(text: string): readonly YamlDocument[] {
  const lineAt = lineCounter(text);
  const scalars: Scalars = new Map();
  const documents: YamlDocument[] = [];
  for (const part of streamParts(text) ?? [{ from: 0, end: text.length, body: -1 }]) {
    const plain = plainDocument(text, part, scalars);
    if (plain === undefined) {
      const found = parsePart(text, part, lineAt(part.from));
      for (const document of found.documents) documents.push(document);
      if (found.all) break;
    } else if (plain.value !== null) documents.push({ value: plain.value, line: lineAt(plain.at) });
  }
  return documents;
}

/** A document is told broken with all that follow it: a quote that is not closed, say, does not end where its document does. */
function parsePart(
  text: string,
  { from, end }: StreamPart,
  line: number,
): { readonly documents: readonly YamlDocument[]; readonly all: boolean } {
  try {
    return { documents: parseByPackage(text.slice(from, end), line), all: end === text.length };
  } catch (error) {
    if (end === text.length) throw error;
    return { documents: parseByPackage(text.slice(from), line), all: true };
  }
}

/** Takes offsets that only grow. */
function lineCounter(text: string): (offset: number) => number {
  let [line, at] = [1, 0];
  return (offset) => {
    for (let feed = text.indexOf('\n', at); feed >= 0 && feed < offset; feed = text.indexOf('\n', at)) {
      at = feed + 1;
      line++;
    }
    return line;
  };
}

/**
 * As parseYaml, by the `yaml` package alone: what the plain reader is held to. `firstLine` is the number of the text's first line.
 * @example parseByPackage('a: &x 1\nb: *x', 1) // [{ value: { a: 1, b: 1 }, line: 1 }]
 */
export function parseByPackage(text: string, firstLine: number): readonly YamlDocument[] {
  const lines = new LineCounter();
  lines.addNewLine(0);
  const lineAt = (offset: number): number => lines.linePos(offset).line + firstLine - 1;
  const composer = new Composer({ lineCounter: lines, merge: true, uniqueKeys: false, prettyErrors: false });
  stopAtFirstError(composer, lineAt);
  const documents: YamlDocument[] = [];
  const take = (found: Iterable<Document.Parsed>): void => {
    for (const document of found) documents.push(...readDocument(document, lineAt));
  };
  for (const token of tokens(text, lines, lineAt)) take(composer.next(token));
  take(composer.end());
  return documents;
}

/**
 * The composer gathers every error of a document, which takes minutes where every character is one. Its handler is no part of
 * its public face: were it renamed, errors would be met a little later, in readDocument.
 */
function stopAtFirstError(composer: Composer, lineAt: (offset: number) => number): void {
  let first: SluiceError | undefined; // the composer catches what is thrown, and reports that as an error too
  const onError = (source: unknown, _code: string, message: string, warning?: boolean): void => {
    if (warning === true) return;
    first ??= broken(lineAt(offsetIn(source)), firstLine(message));
    throw first;
  };
  Reflect.set(composer, 'onError', onError);
}

/** Where an error stands: an offset, the first of a range, or the offset of a token. */
function offsetIn(source: unknown): number {
  if (Array.isArray(source)) return Number(source[0]);
  return typeof source === 'number' ? source : (source as { readonly offset: number }).offset;
}

/** The parser keeps a stack of its own, so depth is seen here, before the composer recurses into it. */
function* tokens(text: string, lines: LineCounter, lineAt: (offset: number) => number): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  const count = aliasCounter();
  for (const lexeme of new Lexer().lex(text)) {
    if (count(lexeme)) throw broken(lineAt(parser.offset), `the alias ${lexeme} stands more than ${MAX_USES} times`);
    if (parser.stack.length > MAX_DEPTH) throw broken(lineAt(parser.offset), `nested deeper than ${MAX_DEPTH} levels`);
    yield* checked(parser.next(lexeme), lineAt);
  }
  yield* checked(parser.end(), lineAt);
}

/** Tells, lexeme by lexeme, where one alias is used too often in one document: before the reader goes through them all. */
function aliasCounter(): (lexeme: string) => boolean {
  const uses = new Map<string, number>();
  return (lexeme) => {
    if (lexeme === '---') uses.clear();
    if (!lexeme.startsWith('*')) return false;
    const count = (uses.get(lexeme) ?? 0) + 1;
    uses.set(lexeme, count);
    return count > MAX_USES;
  };
}

function* checked(found: Iterable<CST.Token>, lineAt: (offset: number) => number): Generator<CST.Token> {
  for (const token of found) {
    if (token.type === 'error') throw broken(lineAt(token.offset), firstLine(token.message));
    yield token;
  }
}

function readDocument(document: Document.Parsed, lineAt: (offset: number) => number): YamlDocument[] {
  const error = document.errors[0];
  if (error !== undefined) throw broken(lineAt(error.pos[0]), firstLine(error.message));
  checkNode(document.contents, new Set(), lineAt);
  const start = document.contents?.range[0] ?? document.range[0];
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_USES + 1 });
    return value === null || value === undefined ? [] : [{ value, line: lineAt(start) }];
  } catch (cause) {
    throw broken(lineAt(start), `aliases that cannot be resolved or grow without bound`, cause);
  }
}

/** What the reader itself finds late or slowly: repeated keys (it compares all pairs) and aliases to nothing. */
function checkNode(node: unknown, anchors: Set<string>, lineAt: (offset: number) => number): void {
  if (isAlias(node) && !anchors.has(node.source)) {
    throw broken(lineAt(offsetOf(node)), `the alias *${node.source} stands for nothing above it`);
  }
  if (isCollection(node) && node.anchor !== undefined) anchors.add(node.anchor);
  if (isScalar(node) && node.anchor !== undefined) anchors.add(node.anchor);
  if (isSeq(node)) for (const item of node.items) checkNode(item, anchors, lineAt);
  if (!isMap(node)) return;
  const seen = new Set<unknown>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? key.value : key;
    if (name !== '<<' && seen.has(name)) {
      throw broken(lineAt(offsetOf(key)), `the key ${showValue(name)} stands twice in one mapping`);
    }
    seen.add(name);
    if (isCollection(key)) throw collectionAsKey(key, lineAt(offsetOf(key)));
    checkNode(key, anchors, lineAt);
    checkNode(value, anchors, lineAt);
  }
}

function offsetOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

/** What is not quoted and begins with two braces is, to YAML, a mapping whose key is a mapping: no manifest has such a key. */
function collectionAsKey(key: { readonly flow?: boolean }, line: number): SluiceError {
  return isMap(key) && key.flow === true ? templateError(line) : broken(line, 'a list or mapping stands as a key');
}

const BROKEN_AT = /^the YAML is broken at line ([0-9]+):/;

function broken(line: number, what: string, cause?: unknown): SluiceError {
  return new SluiceError('malformed', `the YAML is broken at line ${line}: ${what}`, [], { cause });
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
