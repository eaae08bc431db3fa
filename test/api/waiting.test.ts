import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Arrivals } from '../../src/store/arrivals.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

const BASE = '/v1/environments/dev/bundles';
const LATEST = `${BASE}/latest/manifests`;
const PATHS = [`${BASE}/latest`, LATEST, `${LATEST}.yaml`, `${LATEST}.json`, `${LATEST}.tar.gz`];

let sluice: TestApp;
let newest = 1;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});
beforeEach(() => expect(waiting()).toBe(0));

interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: number;
}

/** Asks, and gives the answer when it has come, whenever that is. */
function ask(path: string, headers: Record<string, string> = {}, { method = 'GET', of = sluice } = {}) {
  const given = { authorization: `Bearer ${of.token}`, ...headers };
  const asked: ClientRequest = request(of.url + path, { method, headers: given }).end();
  const got = (async (): Promise<Got> => {
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const bytes = Buffer.concat(await answer.toArray()).length;
    const received = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
    return { status: answer.statusCode ?? 0, headers: new Headers(received), bytes };
  })();
  return { got, leave: () => asked.destroy() };
}

async function etagOf(path: string, of = sluice): Promise<string> {
  return String((await ask(path, {}, { of }).got).headers.get('etag'));
}

const waiting = (of = sluice) => of.app.get(Arrivals).counts.poll;
const untilWaiting = (count: number, of = sluice) => expect.poll(() => waiting(of)).toBe(count);

/** Makes the next version; gives its number. */
async function publish(of = sluice): Promise<number> {
  const name = `tier-${newest}`;
  const tier = { name, podSelector: { matchLabels: { app: name } } };
  await of.request.post('/v1/applications/shop/tiers').send(tier).expect(201);
  return (newest = (await of.request.post(BASE).send({}).expect(201)).body.version);
}

describe('a read of the latest version that prefers to wait', () => {
  it('is answered at the publish, with the new version, whatever is read of it', async () => {
    const asked = await Promise.all(
      PATHS.flatMap((path) => ['GET', 'HEAD'].map((method) => ({ path, method }))).map(async ({ path, method }) => {
        const etag = await etagOf(path);
        return { path, method, etag, ...ask(path, { 'if-none-match': etag, prefer: 'wait=50' }, { method }) };
      }),
    );
    await untilWaiting(asked.length);
    const version = await publish();
    for (const { path, method, etag, got } of asked) {
      const { status, headers, bytes } = await got;
      expect([path, status, headers.get('preference-applied')]).toEqual([path, 200, 'wait=50']);
      expect(headers.get('content-location')).toBe(path.replace('latest', String(version)));
      expect(headers.get('etag')).not.toBe(etag);
      expect(headers.get('etag')).toBe(await etagOf(path));
      expect(headers.get('cache-control')).toBe('private, no-cache');
      expect(bytes > 0).toBe(method === 'GET');
    }
  });

  it('is a 304 when the time is over, and says how long it waited', async () => {
    const etag = await etagOf(LATEST);
    const began = performance.now();
    const { status, headers, bytes } = await ask(LATEST, { 'if-none-match': etag, prefer: 'wait=1' }).got;
    expect(performance.now() - began).toBeGreaterThan(800);
    expect([status, bytes, headers.get('etag'), headers.get('preference-applied')]).toEqual([304, 0, etag, 'wait=1']);
  });

  it('waits on where the new version is one that the client has', async () => {
    const before = await etagOf(`${LATEST}.yaml`);
    await publish();
    const after = await etagOf(`${LATEST}.yaml`);
    const { got } = ask(`${LATEST}.yaml`, { 'if-none-match': `${before}, ${after}`, prefer: 'wait=50' });
    await untilWaiting(1);
    // back to what it was: a third version with the bytes of the first
    await sluice.request
      .delete(`/v1/applications/shop/tiers/tier-${newest - 1}`)
      .set('if-match', '*')
      .expect(204);
    const { body } = await sluice.request.post(BASE).send({}).expect(201);
    newest = body.version;
    expect(await etagOf(`${LATEST}.yaml`)).toBe(before);
    await untilWaiting(1);
    const version = await publish();
    expect((await got).headers.get('sluice-version')).toBe(String(version));
  });

  it.each([
    ['has nothing', {}],
    ['has another version', { 'if-none-match': '"sha256:other"' }],
  ])('is answered at once where the client %s', async (_, headers: Record<string, string>) => {
    for (const path of PATHS) {
      const got = await ask(path, { ...headers, prefer: 'wait=99999999999999999999' }).got;
      expect([got.status, got.headers.get('preference-applied')]).toEqual([200, 'wait=60']);
    }
  });

  it.each(['wait=soon', 'wait', 'wait=-1', 'respond-async'])('is a plain read with Prefer: %s', async (prefer) => {
    const got = await ask(LATEST, { 'if-none-match': await etagOf(LATEST), prefer }).got;
    expect([got.status, got.headers.get('preference-applied')]).toEqual([304, null]);
  });

  it('does not wait for what never comes: another version of a number, of no environment, the first of one', async () => {
    const etag = await etagOf(`${BASE}/1/manifests`);
    const numbered = await ask(`${BASE}/1/manifests`, { 'if-none-match': etag, prefer: 'wait=50' }).got;
    expect([numbered.status, numbered.headers.get('preference-applied')]).toEqual([304, null]);
    for (const environment of ['staging', 'nowhere']) {
      const path = `/v1/environments/${environment}/bundles/latest/manifests`;
      expect((await ask(path, { 'if-none-match': etag, prefer: 'wait=50' }).got).status).toBe(404);
    }
  });

  it('lets go of a client that went away', async () => {
    const etag = await etagOf(LATEST);
    const asked = Array.from({ length: 20 }, () => ask(LATEST, { 'if-none-match': etag, prefer: 'wait=50' }));
    await untilWaiting(20);
    for (const { got, leave } of asked) {
      got.catch(() => undefined);
      leave();
    }
    await untilWaiting(0);
  });

  it('holds no connection to the database, and is in the metrics', async () => {
    const etag = await etagOf(LATEST);
    const asked = Array.from({ length: 50 }, () => ask(LATEST, { 'if-none-match': etag, prefer: 'wait=50' }));
    await untilWaiting(50);
    const { pool } = sluice.database;
    await expect.poll(() => pool.totalCount - pool.idleCount).toBe(0);
    expect((await sluice.request.get('/metrics').expect(200)).text).toContain('sluice_waiters{kind="poll"} 50');
    await publish();
    expect(new Set((await Promise.all(asked.map(({ got }) => got))).map(({ status }) => status))).toEqual(
      new Set([200]),
    );
  });
});

describe('the token of who waits', () => {
  const token = async (fields: object) => (await sluice.request.post('/v1/tokens').send(fields).expect(201)).body;

  it('gets nothing that was published after it was revoked', async () => {
    const etag = await etagOf(LATEST);
    const [gone, stays] = [
      await token({ name: 'gone', scopes: ['read'] }),
      await token({ name: 'stays', scopes: ['read'], environment: 'dev' }),
    ];
    const asked = [gone, stays].map((robot) =>
      ask(LATEST, { authorization: `Bearer ${robot.token}`, 'if-none-match': etag, prefer: 'wait=50' }),
    );
    await untilWaiting(2);
    await sluice.request.delete(`/v1/tokens/${gone.id}`).expect(204);
    await publish();
    const [refused, told] = await Promise.all(asked.map(({ got }) => got));
    expect(refused?.status).toBe(401);
    expect(refused?.headers.get('content-type')).toContain('application/problem+json');
    expect(refused?.headers.get('etag')).toBeNull();
    expect(told?.status).toBe(200);
  });

  it('nor what was published after it expired', async () => {
    const etag = await etagOf(LATEST);
    const expiresAt = new Date(Date.now() + 1_500).toISOString();
    const { token: secret } = await token({ name: 'short', scopes: ['read'], expiresAt });
    const { got } = ask(LATEST, { authorization: `Bearer ${secret}`, 'if-none-match': etag, prefer: 'wait=50' });
    await untilWaiting(1);
    await expect.poll(() => Date.now() > Date.parse(expiresAt), { timeout: 5_000 }).toBe(true);
    await publish();
    expect((await got).status).toBe(401);
  });
});

describe('at the end of the process', () => {
  it('everyone is answered at once: unchanged', async () => {
    const other = await startTestApp({ databaseUrl: sluice.databaseUrl, token: sluice.token });
    const etag = await etagOf(LATEST, other);
    const headers = { 'if-none-match': etag, prefer: 'wait=50' };
    const asked = Array.from({ length: 30 }, () => ask(LATEST, headers, { of: other }));
    await untilWaiting(30, other);
    const closed = other.close();
    for (const { got } of asked) {
      const { status, headers: given } = await got;
      expect([status, given.get('etag'), given.get('connection')]).toEqual([304, etag, 'close']);
    }
    await closed;
  });
});
