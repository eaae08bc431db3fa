import { gzipSync } from 'node:zlib';
import type { Ask } from './wire/client.js';

/** What is sent, and by which of these statuses it is answered. */
export interface Bomb {
  readonly name: string;
  readonly what: Ask | { readonly bytes: (token: string) => string };
  readonly statuses: readonly number[];
}

const MIB = 1024 * 1024;

function json(path: string, body: string | Buffer, more: Readonly<Record<string, string>> = {}): Ask {
  return { method: 'POST', path, headers: { 'Content-Type': 'application/json', ...more }, body };
}

function yaml(body: string): Ask {
  return { method: 'POST', path: '/v1/analysis/connections', headers: { 'Content-Type': 'application/yaml' }, body };
}

function head(lines: readonly string[]): Bomb['what'] {
  return { bytes: (token) => [...lines, `Authorization: Bearer ${token}`, '', ''].join('\r\n') };
}

const laughs = [
  'a: &a0 [x,x,x,x,x,x,x,x,x]',
  ...Array.from({ length: 9 }, (_, n) => `b${n}: &a${n + 1} [${Array(9).fill(`*a${n}`).join()}]`),
].join('\n');
const query = (text: string) => json('/graphql', JSON.stringify({ query: text }));

export const BOMBS: readonly Bomb[] = [
  { name: 'YAML: a billion laughs', what: yaml(laughs), statuses: [400] },
  { name: 'YAML: an alias of itself', what: yaml('a: &a [*a]\n'), statuses: [400] },
  { name: 'YAML: 20,000 nested brackets', what: yaml('['.repeat(20_000)), statuses: [400] },
  { name: 'YAML: 20,000 nested maps', what: yaml('{a: '.repeat(20_000)), statuses: [400] },
  {
    name: 'YAML: 5,000 levels of indentation',
    what: yaml(Array.from({ length: 700 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')),
    statuses: [400],
  },
  { name: 'YAML: a million empty documents', what: yaml('---\n'.repeat(1_000_000)), statuses: [400, 413] },
  { name: 'YAML: a key of a megabyte', what: yaml(`${'k'.repeat(MIB)}: 1\n`), statuses: [400] },
  { name: 'YAML: merge keys', what: yaml(`a: &a {x: 1}\n${'<<: *a\n'.repeat(10_000)}`), statuses: [400] },
  { name: 'YAML: a tag that would run code', what: yaml('!!js/function "function () {}"\n'), statuses: [400] },
  { name: 'JSON: 20,000 nested brackets', what: json('/v1/teams', '['.repeat(20_000)), statuses: [400] },
  { name: 'JSON: 500,000 nested brackets', what: json('/v1/teams', '['.repeat(500_000)), statuses: [400] },
  {
    name: 'JSON: 200,000 nested objects to the analysis',
    what: json('/v1/analysis/connections', '{"a":'.repeat(200_000)),
    statuses: [400],
  },
  {
    name: 'JSON: a number of a megabyte',
    what: json('/v1/teams', `{"name":${'9'.repeat(MIB - 100)}}`),
    statuses: [422],
  },
  { name: 'JSON: a key of a megabyte', what: json('/v1/teams', `{"${'k'.repeat(MIB - 100)}":1}`), statuses: [422] },
  {
    name: 'JSON: 100,000 times the same key',
    what: json('/v1/teams', `{${'"a":1,'.repeat(100_000)}"name":1}`),
    statuses: [422],
  },
  {
    name: 'JSON: __proto__ within 60 levels',
    what: json('/v1/teams', `${'{"a":'.repeat(60)}{"__proto__":{"x":1}}${'}'.repeat(60)}`),
    statuses: [400],
  },
  { name: 'JSON: two megabytes to the model', what: json('/v1/teams', Buffer.alloc(2 * MIB, 0x20)), statuses: [413] },
  {
    name: 'JSON: half a surrogate pair',
    what: json('/v1/teams', '{"name":"n1","displayName":"\\ud800"}'),
    statuses: [422],
  },
  {
    name: 'JSON: a megabyte of escapes',
    what: json('/v1/teams', `{"name":"${'\\u0041'.repeat(150_000)}"}`),
    statuses: [422],
  },
  {
    name: 'gzip: a bomb of 20 MB',
    what: json('/v1/teams', gzipSync(Buffer.alloc(20 * MIB, 0x20)), { 'Content-Encoding': 'gzip' }),
    statuses: [400, 415],
  },
  { name: 'GraphQL: 20,000 nested brackets', what: query('{'.repeat(20_000)), statuses: [200, 400] },
  {
    name: 'GraphQL: fragments that double',
    what: query(
      `{ ...F0 } ${Array.from({ length: 60 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(' ')} fragment F60 on Query { __typename }`,
    ),
    statuses: [200],
  },
  {
    name: 'GraphQL: lists within lists',
    what: query(`{ team(name: ${'['.repeat(2_000)}${']'.repeat(2_000)}) { name } }`),
    statuses: [200],
  },
  {
    name: 'GraphQL: 60,000 characters of comments',
    what: query(`{ colour } ${'#\n'.repeat(30_000)}`),
    statuses: [200],
  },
  {
    name: 'headers: 100 kB',
    what: head(['GET /v1/teams HTTP/1.1', 'Host: x', `X-Long: ${'x'.repeat(100_000)}`]),
    statuses: [431],
  },
  {
    name: 'headers: 5,000 of them',
    what: head(['GET /v1/teams HTTP/1.1', 'Host: x', ...Array.from({ length: 5_000 }, (_, n) => `X-${n}: 1`)]),
    statuses: [431],
  },
  { name: 'path: 100 kB', what: head([`GET /${'x'.repeat(100_000)} HTTP/1.1`, 'Host: x']), statuses: [414, 431] },
  { name: 'path: 10,000 slashes', what: head([`GET ${'/'.repeat(10_000)} HTTP/1.1`, 'Host: x']), statuses: [400, 404] },
  {
    name: 'path: out of the root',
    what: head(['GET /docs/../../../../etc/passwd HTTP/1.1', 'Host: x']),
    statuses: [400, 403, 404],
  },
  {
    name: 'path: out of the root, encoded',
    what: head(['GET /docs/%2e%2e/%2e%2e/%2e%2e/etc/passwd HTTP/1.1', 'Host: x']),
    statuses: [400, 403, 404],
  },
  {
    name: 'path: out of the root, encoded twice',
    what: head(['GET /docs/%252e%252e%252f%252e%252e%252fetc%252fpasswd HTTP/1.1', 'Host: x']),
    statuses: [400, 403, 404],
  },
  {
    name: 'path: back slashes',
    what: head(['GET /docs/..\\..\\..\\etc\\passwd HTTP/1.1', 'Host: x']),
    statuses: [400, 403, 404],
  },
  { name: 'path: NUL', what: head(['GET /v1/teams/a\u0000b HTTP/1.1', 'Host: x']), statuses: [400] },
  {
    name: 'path: encoded CR and LF',
    what: head(['GET /v1/teams/%0d%0aX-Y:%201 HTTP/1.1', 'Host: x']),
    statuses: [404],
  },
  { name: 'header: NUL', what: head(['GET /v1/teams HTTP/1.1', 'Host: x', 'X-Y: a\u0000b']), statuses: [400] },
  { name: 'header: a bare CR', what: head(['GET /v1/teams HTTP/1.1', 'Host: x', 'X-Y: a\rb']), statuses: [400] },
  {
    name: 'two lengths',
    what: head(['POST /v1/teams HTTP/1.1', 'Host: x', 'Content-Length: 0', 'Content-Length: 5']),
    statuses: [400],
  },
  {
    name: 'a length and chunks',
    what: head(['POST /v1/teams HTTP/1.1', 'Host: x', 'Content-Length: 5', 'Transfer-Encoding: chunked']),
    statuses: [400],
  },
  {
    name: 'a chunk of a length that is none',
    what: {
      bytes: (token) =>
        `POST /v1/teams HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n`,
    },
    statuses: [400, 413],
  },
  { name: 'no HTTP at all', what: { bytes: () => '\u0016\u0003\u0001\u0002\u0000' }, statuses: [400] },
];
