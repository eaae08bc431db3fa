import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { promisify } from 'node:util';
import { deflateRawSync, gzipSync, inflateRaw } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { Authenticator } from '../../src/platform/auth/authenticator.js';
import { BundleCache } from '../../src/store/bundle.cache.js';
import { ReadSources } from '../../src/store/reads.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { compressionsOf } from '../support/compressions.js';
import { loadShop } from '../support/shop.js';
import { statementsOf } from '../support/statements.js';

const BASE = '/v1/environments/dev/bundles';
const ONE = `${BASE}/1/manifests.yaml`;
const LATEST = `${BASE}/latest/manifests.yaml`;

let sluice: TestApp;
let other: TestApp;
/** Tokens by what they may do. */
let reader: string;
let elsewhere: string;
/** Asked by the ordinary way alone. */
let authenticate: MockInstance<Authenticator['authenticate']>;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
  other = await startTestApp({ databaseUrl: sluice.databaseUrl, token: sluice.token });
  reader = (await newToken({ name: 'reader', scopes: ['read'] })).token;
  elsewhere = (await newToken({ name: 'elsewhere', scopes: ['read'], environment: 'prod' })).token;
  authenticate = vi.spyOn(sluice.app.get(Authenticator), 'authenticate');
});
afterAll(async () => {
  for (const app of [sluice, other]) expect(app.failures).toEqual([]);
  await other.close();
  await sluice.close();
});
beforeEach(() => void authenticate.mockClear());

async function newToken(fields: object): Promise<{ token: string; id: string }> {
  return (await sluice.request.post('/v1/tokens').send(fields).expect(201)).body;
}

interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

/** What to call it, and who is expected to answer it the second time. */
type Row = readonly [name: string, way: 'again' | 'asked', asked: Asked];

interface Answer {
  readonly status: number;
  /** As they are on the wire, one behind the other; the time apart, and what a trace says of each request. */
  readonly head: string[];
  readonly bytes: Buffer;
}

async function ask({ path, method = 'GET', headers = {} }: Asked): Promise<Answer> {
  const given = {
    authorization: `Bearer ${reader}`,
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    ...headers,
  };
  const asked = request(sluice.url + path, { method, headers: given, agent: false }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const bytes = Buffer.concat(await answer.toArray());
  const head = answer.rawHeaders.filter((_, at, all) => !/^(Date|traceparent)$/.test(all[at - (at % 2)] ?? ''));
  return { status: answer.statusCode ?? 0, head, bytes };
}

/** How many of the requests that `work` makes the ordinary way answered. */
async function ordinary(work: () => Promise<unknown>): Promise<number> {
  authenticate.mockClear();
  await work();
  return authenticate.mock.calls.length;
}

/** The fewer of two: a token is read again every ten seconds, at any moment. */
async function fewer(count: () => Promise<number>): Promise<number> {
  return Math.min(await count(), await count());
}

let tiers = 0;

/** Content that no version has. */
async function publish(app: TestApp): Promise<number> {
  const name = `more-${++tiers}`;
  const podSelector = { matchLabels: { app: name } };
  await sluice.request.post('/v1/applications/shop/tiers').send({ name, podSelector }).expect(201);
  return (await app.request.post(BASE).send({}).expect(201)).body.version;
}

const etagOf = async (path: string) => {
  const { head } = await ask({ path });
  return head[head.indexOf('etag') + 1] ?? '';
};

describe('an answer that was given before is what the ordinary way says, to the byte', () => {
  /** All by the ordinary way first, which nothing in memory can stand in for; then again and again, when each could be given what another was. */
  const given = async (rowsOf: (etag: string) => Row[]) => {
    const rows = rowsOf(await etagOf(ONE));
    const said: Answer[] = [];
    for (const [, , asked] of rows) {
      sluice.app.get(BundleCache).forget();
      said.push(await ask(asked));
    }
    for (const [at, [name, , asked]] of rows.entries()) expect(await ask(asked), name).toEqual(said[at]);
    for (const [at, [name, way, asked]] of rows.entries()) {
      const asks = await fewer(() => ordinary(async () => expect(await ask(asked), name).toEqual(said[at])));
      expect(asks, `${name}: the ordinary way was asked`).toBe(way === 'asked' ? 1 : 0);
    }
  };

  it('of every form, by GET and HEAD, by number and as latest', () =>
    given(() =>
      ['manifests', 'manifests.yaml', 'manifests.json', 'manifests.tar.gz'].flatMap((form) =>
        ['1', 'latest'].flatMap((version) =>
          ['GET', 'HEAD'].map((method): Row => [
            `${method} ${version}/${form}`,
            'again',
            { method, path: `${BASE}/${version}/${form}` },
          ]),
        ),
      ),
    ));

  it('whatever the headers say', () =>
    given((etag) => {
      const headers: [Record<string, string>, ('again' | 'asked')?][] = [
        [{ accept: 'application/json' }],
        [{ accept: 'application/gzip;q=0.5, application/json;q=0.4' }],
        [{ accept: 'text/html' }, 'asked'], // 406 at the negotiated address
        [{ 'accept-encoding': 'gzip' }],
        [{ 'accept-encoding': 'br, gzip;q=0' }],
        [{ 'if-none-match': etag }],
        [{ 'if-none-match': `"other", ${etag}` }],
        [{ 'if-none-match': `W/${etag}` }],
        [{ 'if-none-match': '*' }],
        [{ 'if-none-match': '"other"' }],
        [{ 'if-none-match': etag, 'accept-encoding': 'gzip' }],
        [{ range: 'bytes=0-3' }],
        [{ range: 'bytes=0-3', 'if-range': etag }],
        [{ prefer: 'wait=1' }, 'asked'],
        [{ 'sluice-reason': 'because' }],
        [{ 'sluice-reason': 'x'.repeat(2000) }, 'asked'], // 400
        [{ 'sluice-min-revision': '1' }],
        [{ 'sluice-min-revision': '999999' }, 'asked'], // 412
        [{ connection: 'close' }],
      ];
      return ['GET', 'HEAD'].flatMap((method) =>
        headers.map(([asked, way = 'again']): Row => [
          `${method} ${JSON.stringify(asked).slice(0, 80)}`,
          way,
          { method, path: `${BASE}/1/manifests`, headers: asked },
        ]),
      );
    }));

  it('of odd paths, and of what there is not', () =>
    given(() => [
      ['a slash at the end', 'again', { path: `${ONE}/` }],
      ['a query that is not described', 'asked', { path: `${ONE}?x=1` }],
      ['a query that is broken', 'asked', { path: `${ONE}?%zz=%` }],
      ['an escaped name', 'again', { path: ONE.replace('dev', '%64ev') }],
      ['another version', 'asked', { path: ONE.replace('/1/', '/99/') }],
      ['a number with a zero in front', 'asked', { path: ONE.replace('/1/', '/01/') }],
      ['a draft', 'asked', { path: ONE.replace('/1/', '/draft/') }],
      ['another environment', 'asked', { path: ONE.replace('dev', 'nowhere') }],
      ['upper case', 'asked', { path: ONE.replace('dev', 'DEV') }],
      ['dots', 'asked', { path: ONE.replace('/1/', '/../') }],
      ['another method', 'asked', { path: ONE, method: 'DELETE' }],
    ]));

  it('to those alone who may have it', () =>
    given(() => [
      ['its own', 'again', { path: ONE }],
      ['another token, as Basic', 'again', { path: ONE, headers: basic(sluice.token) }],
      ['none', 'asked', { path: ONE, headers: { authorization: '' } }],
      ['no token', 'asked', { path: ONE, headers: { authorization: 'Bearer slc_wrong' } }],
      ['an unknown one', 'asked', { path: ONE, headers: { authorization: `Bearer ${reader.slice(0, -1)}x` } }],
      ['one for another environment', 'asked', { path: ONE, headers: { authorization: `Bearer ${elsewhere}` } }],
    ]));

  const basic = (token: string) => ({ authorization: `Basic ${Buffer.from(`ci:${token}`).toString('base64')}` });
});

describe('a fetch of what is in memory', () => {
  const TIMES = 6;
  const askTimes = (asked: Asked) => async () => {
    for (let n = 0; n < TIMES; n++) expect([200, 304]).toContain((await ask(asked)).status);
  };

  it.each(['', '.yaml', '.json', '.tar.gz'].flatMap((form) => [undefined, 'gzip', '*'].map((one) => [form, one])))(
    'manifests%s, Accept-Encoding or If-None-Match %s: no statement, no compression, and nothing unpacked',
    async (form, header) => {
      const name = header === '*' ? 'if-none-match' : 'accept-encoding';
      const asked = { path: `${BASE}/1/manifests${form}`, headers: header === undefined ? {} : { [name]: header } };
      await ask(asked);
      expect(await fewer(() => statementsOf(askTimes(asked)))).toBe(0);
      expect(await compressionsOf(askTimes(asked))).toBe(0);
      expect(await fewer(() => ordinary(askTimes(asked)))).toBe(0);
    },
  );

  it('counts what is compressed', async () => {
    expect(await compressionsOf(async () => gzipSync('x'))).toBe(1);
    expect(await compressionsOf(() => promisify(inflateRaw)(deflateRawSync('x')))).toBe(2);
  });

  it('as latest: one statement for each that asks alone, one for many at once', async () => {
    await ask({ path: LATEST });
    expect(await fewer(() => statementsOf(askTimes({ path: LATEST })))).toBe(TIMES);
    const cache = sluice.app.get(BundleCache);
    const atOnce = () => Promise.all(Array.from({ length: TIMES }, () => cache.latestVersion('dev')));
    expect(await statementsOf(atOnce)).toBe(1);
  });

  it('is counted by its route, as every request is', async () => {
    const counted = async () => {
      const { text } = await sluice.request.get('/metrics').expect(200);
      const labels = 'method="GET",route="/v1/environments/:environment/bundles/:version/manifests.yaml",status="200"';
      return Number(
        text
          .split('\n')
          .find((line) => line.includes(`_count{${labels}}`))
          ?.split(' ')[1],
      );
    };
    await ask({ path: ONE });
    const before = await counted();
    await askTimes({ path: ONE })();
    expect((await counted()) - before).toBe(TIMES);
  });
});

describe('what is read of one object of the model', () => {
  const TEAM = '/v1/teams/demo';
  const PATHS = [
    TEAM,
    '/v1/applications/shop',
    '/v1/applications/shop/tiers/frontend',
    '/v1/environments/dev',
    '/v1/environments/dev/placements/shop',
    '/v1/flows/frontend-to-backend',
    '/v1/peers/users',
    '/v1/environments/dev/tags/marked',
  ];
  const write = async (app = sluice, description = String(Math.random())) => {
    const reply = app.request.patch('/v1/teams/other').set('if-match', '*').send({ description });
    await reply.expect(200);
    return description;
  };

  beforeAll(async () => {
    await sluice.request.post('/v1/teams').send({ name: 'other' }).expect(201);
    await sluice.request
      .post(BASE)
      .send({})
      .expect(({ status }) => expect([200, 201]).toContain(status));
    const tag = sluice.request.put('/v1/environments/dev/tags/marked').set('if-none-match', '*');
    await tag.send({ version: 1 }).expect(201);
    await sluice.request.post('/v1/webhooks').send({ name: 'hook', url: 'https://example.com/' }).expect(201);
  });
  afterAll(() => sluice.request.delete('/v1/environments/dev/tags/marked').set('if-match', '*').expect(204));

  /** All by the ordinary way first: as something was written, nothing that is kept holds. */
  const given = async (rows: readonly Row[]) => {
    const said: Answer[] = [];
    for (const [name, , asked] of rows) {
      await write();
      expect(await ordinary(async () => said.push(await ask(asked))), name).toBe(1);
    }
    for (const [at, [name, , asked]] of rows.entries()) expect(await ask(asked), name).toEqual(said[at]);
    for (const [at, [name, way, asked]] of rows.entries()) {
      const asks = await fewer(() => ordinary(async () => expect(await ask(asked), name).toEqual(said[at])));
      expect(asks, `${name}: the ordinary way was asked`).toBe(way === 'asked' ? 1 : 0);
    }
  };

  it('is said again to the byte, by GET and HEAD', () =>
    given(
      PATHS.flatMap((path) => ['GET', 'HEAD'].map((method): Row => [`${method} ${path}`, 'again', { method, path }])),
    ));

  it('whatever the headers say', async () => {
    const etag = await etagOf(TEAM);
    const headers: [Record<string, string>, ('again' | 'asked')?][] = [
      [{ 'if-none-match': etag }],
      [{ 'if-none-match': '"other"' }],
      [{ 'accept-encoding': 'gzip' }],
      [{ 'sluice-min-revision': '1' }],
      [{ 'sluice-min-revision': '999999' }, 'asked'], // 412
    ];
    for (const [asked, way = 'again'] of headers)
      await given([[JSON.stringify(asked), way, { path: TEAM, headers: asked }]]);
  });

  it('is asked for where it is another thing, or not for all who may read', () =>
    given(
      [
        { path: '/v1/teams/nobody' },
        { path: `${TEAM}?x=1` },
        { path: '/v1/webhooks/hook', headers: { authorization: `Bearer ${sluice.token}` } },
        { path: '/v1/environments/dev/placements/shop', headers: { authorization: `Bearer ${elsewhere}` } },
        { path: TEAM, headers: { authorization: '' } },
      ].map((asked): Row => [asked.path, 'asked', asked]),
    ));

  it('is never older than what was written, by any process, before it was asked', async () => {
    const path = '/v1/teams/other';
    for (const app of [other, sluice, other, other, sluice]) {
      for (let n = 0; n < 2; n++) await ask({ path });
      const description = await write(app);
      expect(JSON.parse((await ask({ path })).bytes.toString())).toMatchObject({ description });
    }
    await other.request.delete(path).set('if-match', '*').expect(204);
    expect((await ask({ path })).status).toBe(404);
    await other.request.post('/v1/teams').send({ name: 'other' }).expect(201);
    expect((await ask({ path })).status).toBe(200);
  });

  it('takes a statement of each that asks alone, one of many at once, and none where a later revision is known', async () => {
    const asked = { path: TEAM };
    for (let n = 0; n < 2; n++) await ask(asked);
    expect(await fewer(() => statementsOf(() => ask(asked)))).toBe(1);
    const sources = sluice.app.get(ReadSources);
    const last = await sources.primary.revision();
    const atOnce = () => Promise.all(Array.from({ length: 6 }, async () => sources.isLast(last)));
    expect(await statementsOf(async () => expect(new Set(await atOnce())).toEqual(new Set([true])))).toBe(1);
    expect(await statementsOf(async () => expect(sources.isLast(last - 1)).toBe(false))).toBe(0);
  });

  it('is read anew where the database may have become another', async () => {
    for (let n = 0; n < 2; n++) await ask({ path: TEAM });
    expect(await fewer(() => ordinary(() => ask({ path: TEAM })))).toBe(0);
    const { rowCount } = await sluice.database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sluice-listen'`,
    );
    expect(rowCount).toBeGreaterThan(0);
    const revocations = () => sluice.app.get(Authenticator).revocations;
    await expect.poll(revocations, { timeout: 10_000 }).toBeUndefined();
    await expect.poll(revocations, { timeout: 10_000 }).toBeDefined();
    await ask({ path: ONE }); // so that who asks is known again
    expect(await ordinary(() => ask({ path: TEAM }))).toBe(1);
  });
});

describe('an answer is given again as long as it holds', () => {
  it('latest: never an older version than was published, by any process, before it was asked', async () => {
    for (const app of [other, sluice, other]) {
      await ask({ path: LATEST });
      const version = await publish(app);
      const { head } = await ask({ path: LATEST });
      expect(head[head.indexOf('sluice-version') + 1]).toBe(String(version));
    }
  });

  it('are part of the trace of who asks, never of who asked before', async () => {
    const traced = (id: string) => ({
      authorization: `Bearer ${reader}`,
      traceparent: `00-${id.repeat(32)}-00f067aa0ba902b7-01`,
    });
    const told = async (headers: Record<string, string>) =>
      (await fetch(sluice.url + ONE, { headers })).headers.get('traceparent');
    const both = async () => {
      expect(await told(traced('b'))).toMatch(/^00-b{32}-[0-9a-f]{16}-01$/);
      expect(await told({ authorization: `Bearer ${reader}` })).toBeNull();
    };
    await told(traced('a'));
    expect(await fewer(() => ordinary(both))).toBe(0);
  });

  it('not to a token that was revoked', async () => {
    const { token, id } = await newToken({ name: 'short', scopes: ['read'] });
    const asked = { path: ONE, headers: { authorization: `Bearer ${token}` } };
    for (let n = 0; n < 3; n++) expect((await ask(asked)).status).toBe(200);
    expect(await ordinary(() => ask(asked))).toBe(0);
    await sluice.request.delete(`/v1/tokens/${id}`).expect(204);
    expect((await ask(asked)).status).toBe(401);
  });

  it('not to a token that has expired', async () => {
    const expiresAt = new Date(Date.now() + 60_000);
    const { token } = await newToken({ name: 'ends', scopes: ['read'], expiresAt: expiresAt.toISOString() });
    const authorization = `Bearer ${token}`;
    await ask({ path: ONE, headers: { authorization } });
    const recall = (now: Date) => sluice.app.get(Authenticator).recall(authorization, now)?.name;
    expect(recall(new Date())).toBe('ends');
    vi.spyOn(Date.prototype, 'getTime').mockReturnValue(Date.now()); // read just now, whatever time it is
    try {
      expect(recall(expiresAt)).toBeUndefined();
    } finally {
      vi.mocked(Date.prototype.getTime).mockRestore();
    }
  });

  it('not of a version that retention has removed, in any process', async () => {
    await publish(sluice);
    for (let n = 0; n < 2; n++) expect((await ask({ path: ONE })).status).toBe(200);
    await sluice.request.post('/v1/retention').send({ environment: 'dev', keepVersions: 1 }).expect(200);
    expect((await ask({ path: ONE })).status).toBe(410);
    expect((await ask({ path: LATEST })).status).toBe(200);
  });
});
