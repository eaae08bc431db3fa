import fc from 'fast-check';
import { HOSTILE_HEADERS, HOSTILE_SEGMENTS, HOSTILE_TEXTS } from '../hostile.js';
import type { Ask } from '../wire/client.js';
import type { Operation, Parameter, Schemas } from './document.js';
import { mutated, mutation } from './mutations.js';
import { NAMES, valueOf } from './values.js';

/** A request for an operation, in its pieces. */
export interface Draw {
  readonly method: string;
  /** By the parameters' names, as they are written in the path. */
  readonly segments: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly type: string; readonly text: string; readonly value: unknown } | undefined;
}

const VERSIONS = ['1', '2', '3', 'latest', 'draft', 'n1', '9'];
const FORMATS = ['txt', 'md', 'mmd', 'dot', 'json', 'sh', 'yaml'];

/** What parameters of paths and headers hold, as they are all texts to the document. */
const BY_NAME: Readonly<Record<string, readonly string[]>> = {
  version: VERSIONS,
  other: VERSIONS,
  format: FORMATS,
  cluster: ['eu-1', 'eu-2.example.com'],
  // An SVG takes a second: it has its share of the draws of `overview.{format}` by the hostile ones.
  id: ['n1', 'demo', '00000000-0000-0000-0000-000000000000'],
  key: ['cosign', 'f'.repeat(64)],
  'If-Match': ['*', '"1"', '"2"', '"7"', '"12"'],
  'If-None-Match': ['*'],
  'Sluice-Reason': ['because', 'gr\u00fc\u00dfe'],
  'Idempotency-Key': ['k1', 'k2', 'k3', 'k4'],
  'Last-Event-ID': ['0', '1', '7'],
  Prefer: ['wait=0', 'respond-async', 'wait=x', 'wait="0"'],
};

const TYPES = [
  'text/plain',
  'text/html',
  'application/xml',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'application/json; charset=latin1',
  'application/yaml',
  'application/merge-patch+json',
  'application/json, text/plain',
  'x',
  '',
];
const ACCEPTS = ['text/html', 'application/xml', 'application/json;q=0', '*/*;q=0', 'x', 'text/*', ';;;,,,', 'a/b;q=9'];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];

/** Requests for an operation: as documented, with one thing amiss, or with many. */
export function drawOf(operation: Operation, schemas: Schemas): fc.Arbitrary<Draw> {
  const right = rightDraw(operation, schemas);
  return fc.oneof(
    { weight: 5, arbitrary: right },
    { weight: 4, arbitrary: fc.tuple(right, amissOf(operation)).map(([draw, change]) => change(draw)) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(right, fc.array(amissOf(operation), { minLength: 2, maxLength: 5 }))
        .map(([draw, changes]) => changes.reduce((one, change) => change(one), draw)),
    },
  );
}

function rightDraw(operation: Operation, schemas: Schemas): fc.Arbitrary<Draw> {
  const of = (place: Parameter['in']) => operation.parameters.filter((parameter) => parameter.in === place);
  const text = (parameter: Parameter) => textOf(parameter, schemas);
  const required = (parameters: Parameter[]) => parameters.filter((one) => one.required).map(({ name }) => name);
  const recordOf = (parameters: Parameter[]) =>
    fc.record(Object.fromEntries(parameters.map((one) => [one.name, text(one)])), {
      requiredKeys: required(parameters),
    });
  const accept = fc.option(fc.constantFrom('*/*', ...typesOf(operation)), { nil: undefined, freq: 2 });
  return fc
    .record({
      segments: recordOf(of('path')),
      query: recordOf(of('query')).map((given) => Object.entries(given)),
      headers: recordOf(of('header')),
      accept,
      body: bodyOf(operation, schemas),
    })
    .map(({ segments, query, headers, accept: named, body }) => ({
      method: operation.method,
      segments,
      query: query as [string, string][],
      headers: { ...headers, ...(named === undefined ? {} : { Accept: named }) } as Record<string, string>,
      body,
    }));
}

function textOf({ name, in: place, schema }: Parameter, schemas: Schemas): fc.Arbitrary<string> {
  const known = BY_NAME[name];
  if (known !== undefined && (place !== 'query' || schema.enum === undefined)) return fc.constantFrom(...known);
  if (place === 'path') return fc.constantFrom(...NAMES);
  return valueOf(schema, schemas, name).map(String);
}

function typesOf({ responses }: Operation): string[] {
  return Object.keys(responses['200']?.content ?? {});
}

function bodyOf({ body }: Operation, schemas: Schemas): fc.Arbitrary<Draw['body']> {
  if (body === undefined) return fc.constant(undefined);
  return fc.oneof(
    ...Object.entries(body.content).map(([type, { schema = {} }]) =>
      valueOf(schema, schemas, 'manifests').map((value) => ({ type, value, text: writtenAs(type, value) })),
    ),
  );
}

function writtenAs(type: string, value: unknown): string {
  return typeof value === 'string' && !type.endsWith('json') ? value : (JSON.stringify(value) ?? '');
}

type Change = (draw: Draw) => Draw;

/** One thing that is not as it should be. */
function amissOf(operation: Operation): fc.Arbitrary<Change> {
  const names = operation.parameters.filter(({ in: place }) => place === 'path').map(({ name }) => name);
  const headers = operation.parameters.filter(({ in: place }) => place === 'header').map(({ name }) => name);
  const changes: fc.Arbitrary<Change>[] = [inQuery(operation), otherAccept, otherMethod];
  if (names.length > 0) changes.push(inSegment(names));
  if (headers.length > 0) changes.push(inHeader(headers), noHeader(headers));
  if (operation.body !== undefined) changes.push(inBody, inBody, inBody, otherType, brokenBody);
  return fc.oneof(...changes);
}

const inBody: fc.Arbitrary<Change> = mutation.map((one) => (draw) => {
  if (draw.body === undefined) return draw;
  const value = typeof draw.body.value === 'object' ? mutated(draw.body.value, one) : draw.body.value;
  return { ...draw, body: { ...draw.body, value, text: writtenAs(draw.body.type, value) } };
});

const otherType: fc.Arbitrary<Change> = fc
  .constantFrom(...TYPES)
  .map((type) => (draw) => (draw.body === undefined ? draw : { ...draw, body: { ...draw.body, type } }));

/** What no parser takes, or takes for something else. */
const brokenBody: fc.Arbitrary<Change> = fc
  .constantFrom(
    '',
    '{',
    '{"name":',
    'null',
    '[',
    '"',
    '{"name":"n1","name":"n2"}',
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":{}}}',
    '\ufeff{}',
    '{}{}',
    '\u0000',
    '- a\n- b: [',
    '&a [*a]',
    '--- !!js/function x',
    '{"a":1e999}',
    '['.repeat(2_000),
  )
  .map(
    (text) => (draw) => (draw.body === undefined ? draw : { ...draw, body: { ...draw.body, text, value: UNKNOWN } }),
  );

/** Of a body that is sent as it is. */
export const UNKNOWN = Symbol('not known');

function inQuery({ parameters }: Operation): fc.Arbitrary<Change> {
  const known = parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name);
  const name = fc.constantFrom(...known, 'unknown', '__proto__', 'dryRun', 'pageSize', 'a[b]', '');
  return fc
    .tuple(name, fc.constantFrom(...HOSTILE_TEXTS))
    .map((pair) => (draw) => ({ ...draw, query: [...draw.query, pair] }));
}

function inSegment(names: readonly string[]): fc.Arbitrary<Change> {
  return fc
    .tuple(fc.constantFrom(...names), fc.constantFrom(...HOSTILE_SEGMENTS))
    .map(([name, text]) => (draw) => ({ ...draw, segments: { ...draw.segments, [name]: text } }));
}

function inHeader(names: readonly string[]): fc.Arbitrary<Change> {
  return fc
    .tuple(
      fc.constantFrom(...names, 'traceparent', 'Range', 'Accept-Encoding', 'X-Forwarded-For', 'Expect-CT'),
      fc.constantFrom(...HOSTILE_HEADERS),
    )
    .map(([name, text]) => (draw) => ({ ...draw, headers: { ...draw.headers, [name]: text } }));
}

function noHeader(names: readonly string[]): fc.Arbitrary<Change> {
  return fc.constantFrom(...names).map((name) => (draw) => {
    const { [name]: _, ...headers } = draw.headers;
    return { ...draw, headers };
  });
}

const otherAccept: fc.Arbitrary<Change> = fc
  .constantFrom(...ACCEPTS)
  .map((accept) => (draw) => ({ ...draw, headers: { ...draw.headers, Accept: accept } }));

const otherMethod: fc.Arbitrary<Change> = fc.constantFrom(...METHODS).map((method) => (draw) => ({ ...draw, method }));

/** As it is sent. */
export function askOf({ path }: Operation, { method, segments, query, headers, body }: Draw): Ask {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => segments[name] ?? '');
  const search = query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
  const sent = body === undefined ? {} : { body: body.text };
  const typed = body === undefined || body.type === '' ? headers : { ...headers, 'Content-Type': body.type };
  return { method, path: search === '' ? filled : `${filled}?${search}`, headers: typed, ...sent };
}

/** Halves of surrogate pairs have no bytes: they are sent as browsers send them. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
