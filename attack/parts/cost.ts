import { usageOf } from '../metrics.js';
import type { Figure, Outcome, Part } from '../part.js';
import type { Target } from '../target.js';
import { type Ask, Client } from '../wire/client.js';
import { sendBytes } from '../wire/raw.js';

export const cost: Part = {
  name: 'cost',
  about: 'CPU time of refusals beside that of ordinary requests',
  run,
};

const ROUNDS = 3;
/** Each is sent for as long. */
const MILLISECONDS = 1_000;
const WARM_UP_MILLISECONDS = 500;

/** A way to ask, and what it is compared with. */
interface Compared {
  readonly name: string;
  readonly send: () => Promise<unknown>;
  readonly beside: string;
}

const KIB = 1024;

/**
 * The CPU time of the server's process, by `/metrics`, in rounds through all of them: the median of each, as a ratio. A refusal stands beside a 304 of
 * the latest version; what hangs up beside a 304 over a connection of its own; what sends a body beside an ordinary request with as long a body, as
 * reading it is most of both.
 */
async function run(target: Target): Promise<Outcome> {
  const client = new Client(target);
  try {
    const all = [...(await ordinary(target, client)), ...refusals(target, client)];
    const times = new Map(all.map(({ name }) => [name, [] as number[]]));
    let tried = 0;
    for (let round = 0; round < ROUNDS; round++)
      for (const { name, send } of all) {
        const { requests, microseconds } = await cpuOf(target, client, send);
        tried += requests;
        times.get(name)?.push(microseconds);
      }
    const median = (name: string) => times.get(name)?.sort((a, b) => a - b)[ROUNDS >> 1] ?? NaN;
    return {
      tried,
      failures: [],
      figures: all.map((one) => figureOf(one, median)),
    };
  } finally {
    client.close();
  }
}

function figureOf({ name, beside }: Compared, median: (name: string) => number): Figure {
  if (beside === '') return { name: `CPU of ${name}`, value: median(name), unit: 'us', most: undefined };
  return { name: `CPU of ${name}, beside ${beside}`, value: median(name) / median(beside), unit: '', most: 1 };
}

/**
 * Of one request. The garbage of what was sent before is collected before, so that it is not this one's; and as collecting forgets compiled code too, what is
 * measured is what comes after a while.
 */
async function cpuOf(target: Target, client: Client, send: () => Promise<unknown>) {
  await target.collect?.();
  const first = await sendFor(WARM_UP_MILLISECONDS, send);
  const measured: Target = { url: target.url, token: target.token };
  const before = await usageOf(measured, client);
  const requests = await sendFor(MILLISECONDS, send);
  const after = await usageOf(measured, client);
  return {
    requests: first + requests,
    microseconds: ((after.cpuSeconds - before.cpuSeconds) * 1e6) / requests,
  };
}

/** Gives how often it was sent. */
async function sendFor(milliseconds: number, send: () => Promise<unknown>): Promise<number> {
  const until = performance.now() + milliseconds;
  let requests = 0;
  for (; performance.now() < until; requests++) await send();
  return requests;
}

const UNCHANGED = 'a 304';
const UNCHANGED_ALONE = 'a 304 with a connection of its own';
const SMALL_QUERY = 'a small query of GraphQL';
const SIZES = [1, 64, 512] as const;
const bodyOf = (kib: number) => `an analysis of ${kib} KiB`;

/** What people ask for. */
async function ordinary(target: Target, client: Client): Promise<Compared[]> {
  const path = '/v1/environments/dev/bundles/latest/manifests';
  const { headers } = await client.send({ method: 'GET', path, headers: {} });
  const unchanged: Ask = { method: 'GET', path, headers: { 'If-None-Match': headers.etag ?? '' } };
  const smallQuery: Ask = {
    method: 'POST',
    path: '/graphql',
    headers: { 'Content-Type': 'application/json' },
    body: '{"query":"{a:__typename}"}',
  };
  const lines = [
    `GET ${path} HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${target.token}`,
    `If-None-Match: ${headers.etag}`,
  ];
  const analysis = (kib: number): Ask => ({
    method: 'POST',
    path: '/v1/analysis/connections',
    headers: { 'Content-Type': 'application/yaml' },
    body: POD + '# padding\n'.repeat((kib * KIB) / 10),
  });
  return [
    { name: UNCHANGED, send: () => client.send(unchanged), beside: '' },
    { name: UNCHANGED_ALONE, send: () => sendBytes(target.url, [...lines, '', ''].join('\r\n')), beside: '' },
    { name: SMALL_QUERY, send: () => client.send(smallQuery), beside: '' },
    ...SIZES.map((kib) => ({ name: bodyOf(kib), send: () => client.send(analysis(kib)), beside: '' })),
  ];
}

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web, labels: { app: web } }\n';

function refusals(target: Target, client: Client): Compared[] {
  const get = (path: string, headers: Ask['headers'] = {}): Ask => ({ method: 'GET', path, headers });
  const post = (path: string, body: string, type = 'application/json'): Ask => ({
    method: 'POST',
    path,
    headers: { 'Content-Type': type },
    body,
  });
  const graphql = (query: string) => post('/graphql', JSON.stringify({ query }));
  const plain: [string, Ask][] = [
    ['no token (401)', get('/v1/teams', { authorization: '' })],
    ['a wrong checksum (401)', get('/v1/teams', { authorization: `Bearer slc_${'a'.repeat(36)}` })],
    ['no path (404)', get('/v1/nothing/at/all')],
    ['no method (405)', { method: 'OPTIONS', path: '/v1/teams', headers: {} }],
    ['no type (406)', get('/v1/environments/dev/bundles/1/manifests', { accept: 'text/html' })],
    ['an unknown parameter (400)', get('/v1/teams?a=1')],
    ['an unreadable path (400)', get('/v1/teams/%ff')],
    ['a long name in a path (414)', get(`/v1/teams/${'x'.repeat(500)}`)],
    ['another media type (415)', post('/v1/teams', 'x', 'text/plain')],
  ];
  const alone: [string, string][] = [
    ['headers too large (431)', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['NUL in a header (400)', 'GET / HTTP/1.1\r\nHost: x\r\nX: \u0000\r\n\r\n'],
    ['no HTTP (400)', '\u0016\u0003\u0001'],
  ];
  const batch = post('/graphql', '[{"query":"{a:__typename}"}]');
  const bodies: [string, number, Ask][] = [
    ['a prototype key', 1, post('/v1/teams', `{"__proto__":{"x":1},"a":"${'x'.repeat(900)}"}`)],
    ['a body that is no JSON', 1, post('/v1/teams', `{"a":"${'x'.repeat(900)}"`)],
    ['64 KiB of brackets', 64, post('/v1/teams', '['.repeat(64 * KIB))],
    ['64 KiB of brackets of YAML', 64, post('/v1/analysis/connections', '['.repeat(64 * KIB), 'application/yaml')],
    ['512 KiB of the same key', 512, post('/v1/teams', `{${'"a":1,'.repeat((512 * KIB) / 6)}"a":1}`)],
    [
      '512 KiB of empty documents',
      512,
      post('/v1/analysis/connections', '---\n'.repeat(128 * KIB), 'application/yaml'),
    ],
    [
      'a deep document of GraphQL',
      1,
      graphql(`{ team(name: "a") ${'{ applications { team '.repeat(12)}{ name }${' } }'.repeat(12)} }`),
    ],
    ['101 aliases of GraphQL', 1, graphql(`{ ${Array.from({ length: 101 }, (_, n) => `a${n}:x`).join(' ')} }`)],
  ];
  return [
    { name: 'a batch of GraphQL (400)', send: () => client.send(batch), beside: SMALL_QUERY },
    ...plain.map(([name, ask]) => ({ name, send: () => client.send(ask), beside: UNCHANGED })),
    ...alone.map(([name, bytes]) => ({ name, send: () => sendBytes(target.url, bytes), beside: UNCHANGED_ALONE })),
    ...bodies.map(([name, kib, ask]) => ({ name, send: () => client.send(ask), beside: bodyOf(kib) })),
  ];
}
