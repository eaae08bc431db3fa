import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

const FOLDER = 'test/cases/bad-input';

/** One refusal: a request over the small example, and everything that the answer must name. */
const badInput = z.strictObject({
  request: z.strictObject({
    method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']),
    path: z.string(),
    headers: z.record(z.string(), z.string()).optional(),
    /** Of the body, application/json where it is absent; none at all where it is empty. */
    type: z.string().optional(),
    body: z.unknown().optional(),
    /** A body that is no JSON, or not as JSON.stringify writes it. */
    text: z.string().optional(),
  }),
  status: z.int().min(400).max(499),
  /** Every problem, in the order of the answer. */
  errors: z.array(z.strictObject({ pointer: z.string(), code: z.string() })),
  /** What one of the messages says. */
  says: z.string().optional(),
});

const CASES = readdirSync(FOLDER)
  .sort()
  .map((file) => {
    const text = readFileSync(join(FOLDER, file), 'utf8');
    return { situation: file.replace(/\.json$/, ''), ...badInput.parse(JSON.parse(text)) };
  });

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
  await sluice.request.post('/v1/peers').send({ name: 'internet', kind: 'internet' }).expect(201);
  // an application that would be at odds with the shop's frontend in one namespace
  await sluice.request.post('/v1/applications').send({ name: 'blog', team: 'demo' }).expect(201);
  const podSelector = { matchLabels: { app: 'frontend', part: 'blog' } };
  await sluice.request.post('/v1/applications/blog/tiers').send({ name: 'web', podSelector }).expect(201);
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
  readonly body: any;
}

/** Not by supertest, which would choose a media type of its own. */
async function send(request: z.output<typeof badInput>['request']): Promise<Answer> {
  const { method, path, type = 'application/json', text, body } = request;
  const payload = Buffer.from(text ?? JSON.stringify(body));
  const headers = {
    authorization: `Bearer ${sluice.token}`,
    ...(type === '' ? {} : { 'content-type': type }),
    ...request.headers,
  };
  const answer = await fetch(sluice.url + path, { method, headers, body: payload });
  const said = await answer.text();
  return { status: answer.status, type: answer.headers.get('content-type'), text: said, body: JSON.parse(said) };
}

/** Everything that a write could have changed. */
async function everything(): Promise<unknown[]> {
  const { rows } = await sluice.database.pool.query(
    `SELECT (SELECT revision FROM model_state), (SELECT count(*) FROM bundle) AS bundles, (SELECT count(*) FROM token) AS tokens,
            (SELECT count(*) FROM idempotency_key) AS keys, (SELECT count(*) FROM change) AS changes,
            (SELECT count(*) FROM deployment) AS deployments`,
  );
  return rows;
}

describe('bad input is refused with every problem, and nothing is stored', () => {
  it.each(CASES)('$situation', async ({ request, status, errors, says }) => {
    const before = await everything();
    const answer = await send(request);
    expect({
      status: answer.status,
      errors: answer.body.errors.map(({ pointer, code }: any) => ({ pointer, code })),
    }).toEqual({ status, errors });
    expect(answer.type).toMatch(/^application\/problem\+json(;|$)/);
    expect(answer.body).toMatchObject({
      status,
      type: `urn:sluice:problem:${answer.body.code}`,
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    for (const { detail } of [answer.body, ...answer.body.errors])
      expect(detail).toMatch(/^(?!.*(undefined|\[object|expected (one|a|an) )).{10,}$/s);
    if (says !== undefined) expect(answer.text).toContain(JSON.stringify(says).slice(1, -1));
    expect(await everything()).toEqual(before);
    await sluice.as(undefined).get('/livez').expect(200);
  });
});

describe('bodies of any size', () => {
  const two = 2_000_000;

  it.each([
    ['POST', '/v1/teams', JSON.stringify({ name: 'x'.repeat(two) })],
    ['PATCH', '/v1/teams/demo', `{"description": "${'x'.repeat(two)}"}`],
    ['POST', '/v1/environments/dev/bundles', ' '.repeat(two)],
  ] as const)('%s %s of 2 MB is a 413', async (method, path, text) => {
    const before = await everything();
    const { status, body } = await send({ method, path, text, headers: { 'if-match': '*' } });
    expect(status).toBe(413);
    expect(body).toMatchObject({ code: 'payload-too-large', detail: expect.stringContaining('1 MiB') });
    expect(await everything()).toEqual(before);
  });

  it('a body with 240 mistakes is told of a hundred, and of how many more', async () => {
    const ports = Array.from({ length: 80 }, (_, n) => ({ name: `no-${n}`, port: 1 }));
    const tiers = ['frontend', 'backend', 'database'].map((tier) => ({ tier, ports }));
    const { body } = await sluice.request
      .put('/v1/environments/prod/placements/shop')
      .set('if-match', '*')
      .send({ namespace: 'shop', tiers })
      .expect(422);
    expect(body.errors).toHaveLength(101);
    expect(body.errors.at(-1)).toMatchObject({ code: 'more-problems', value: 140 });
  });

  it('a body sent in chunks is cut off as well', async () => {
    let sent = 0;
    const chunks = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (++sent > 64) return controller.close();
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    const init = { method: 'POST', body: chunks, duplex: 'half' } as RequestInit;
    const headers = { authorization: `Bearer ${sluice.token}`, 'content-type': 'application/json' };
    const status = await fetch(`${sluice.url}/v1/teams`, { ...init, headers }).then(
      (answer) => answer.status,
      () => 'cut off',
    );
    expect([413, 'cut off']).toContain(status);
    await sluice.as(undefined).get('/livez').expect(200);
  });

  it('a megabyte of mistakes is answered soon, with the first hundred', async () => {
    const many = (count: number, key: (i: number) => string) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [key(i), 'x y']));
    for (const body of [
      { name: 'new', labels: many(40_000, (i) => `-${i}`) },
      many(40_000, (i) => `field-${i}`),
      { name: 'new', links: Array.from({ length: 100_000 }, () => 0) },
    ]) {
      const began = performance.now();
      const { status, text, body: problem } = await send({ method: 'POST', path: '/v1/teams', body });
      expect(status).toBe(422);
      expect(problem.errors.length).toBeLessThanOrEqual(101);
      expect(text.length).toBeLessThan(64_000);
      expect(performance.now() - began).toBeLessThan(5_000);
    }
  });
});

describe('what a path or a query may carry', () => {
  it.each([
    '/v1/teams/%00',
    '/v1/teams/%F0%9F%98%80',
    '/v1/teams/..%2f..%2fetc',
    `/v1/teams/${'x'.repeat(300)}`,
    '/v1/environments/%00/bundles',
    '/v1/environments/%00/bundles/1',
    '/v1/environments/%00/bundles/latest/manifests',
    '/v1/environments/%00/preview',
    '/v1/environments/%00/connections',
    '/v1/environments/%00/reachability?from=shop%2Ffrontend&to=shop%2Fbackend&version=stable',
    '/v1/environments/dev/bundles/0',
    '/v1/environments/dev/bundles/1e3',
    '/v1/environments/dev/bundles/99999999999',
    '/v1/environments/dev/bundles/999999999',
    '/v1/environments/dev/bundles/draft/manifests',
    '/v1/environments/dev/bundles/1/overview.pdf',
    '/v1/environments/dev/bundles/1/overview.__proto__',
    '/v1/environments/dev/bundles/1/overview.constructor',
    '/v1/environments/%00/deployments',
    '/v1/environments/moon/deployments',
    '/v1/environments/dev/deployments/%00',
    '/v1/environments/dev/deployments/unheard-of',
    '/v1/tokens/%00',
    '/v1/tokens/not-an-id',
    '/constructor',
    '/v1/__proto__',
  ])('GET %s is a 404', async (path) => {
    const { body } = await sluice.request.get(path).expect(404);
    expect(body).toMatchObject({ code: 'not-found', detail: expect.stringMatching(/./) });
  });

  it.each([
    '/v1/teams/%ff',
    `/v1/teams/${'x'.repeat(500)}`,
    '/v1/teams?pageSize=0',
    '/v1/teams?pageSize=501',
    '/v1/teams?pageSize=1e2',
    '/v1/teams?pageSize=10&pageSize=20',
    '/v1/teams?pageToken=',
    '/v1/teams?pageToken=%00',
    '/v1/teams?pageToken=bm8gc3VjaCB0b2tlbg',
    '/v1/teams?unknown=1',
    '/v1/teams?__proto__=1',
    '/v1/applications?team=%00',
    '/v1/flows?port=a%20b',
    '/v1/environments/dev/connections?port=65536',
    '/v1/environments/dev/connections?version=',
    '/v1/changes?since=yesterday',
    '/v1/changes?since=0000-01-01T00:00:00Z',
    '/v1/changes?since=9999-12-31T23:59:59-23:59',
    '/v1/changes?since=2026-02-30',
    '/v1/environments/dev/deployments?result=pending',
    '/v1/environments/dev/deployments?behind=1',
    '/v1/tokens?revoked=yes',
    '/v1/teams/demo?unknown=1',
    '/v1/environments/dev/preview?version=1',
    '/v1/environments/dev/bundles/1/manifests?__proto__=1',
    '/v1/environments/dev/events?from=1',
  ])('GET %s is a 400', async (path) => {
    const { body } = await sluice.request.get(path).expect(400);
    expect(body).toMatchObject({ code: 'malformed', detail: expect.stringMatching(/./) });
  });

  it('names every wrong parameter of a query', async () => {
    const { body } = await sluice.request.get('/v1/flows?pageSize=0&colour=red').expect(400);
    expect(body.detail).toBe('the query string is wrong at pageSize, colour: use a whole number from 1 to 500');
    expect(body.errors).toMatchObject([
      { pointer: '#/pageSize', code: 'invalid', value: '0' },
      {
        pointer: '#/colour',
        code: 'unknown-parameter',
        value: 'red',
        detail:
          'this takes no such parameter (it takes: application, environment, from, pageSize, pageToken, port, to)',
      },
    ]);
  });
});
