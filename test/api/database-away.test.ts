import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { BundleCache } from '../../src/store/bundle.cache.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Relay, startRelay } from '../support/relay.js';
import { loadShop } from '../support/shop.js';

const ENVIRONMENT = '/v1/environments/dev';
const BUNDLES = `${ENVIRONMENT}/bundles`;

let database: TestDatabase;
let relay: Relay;
let sluice: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  relay = await startRelay(database.url);
  sluice = await startTestApp({ databaseUrl: relay.url });
  await loadShop(sluice.app);
});
afterEach(async () => {
  await relay.restore();
  await ready(200);
});
afterAll(async () => {
  await sluice.close();
  await relay.close();
  await database.drop();
});

async function ready(status: number): Promise<void> {
  await vi.waitFor(async () => expect((await fetch(`${sluice.url}/readyz`)).status).toBe(status), {
    timeout: 20_000,
    interval: 50,
  });
}

/** What CI and registry clients ask for. */
const PUBLISHED = [
  ...[`${BUNDLES}/1`, `${BUNDLES}/latest`, `${BUNDLES}/1/manifests`, `${BUNDLES}/latest/manifests.tar.gz`],
  ...[`${BUNDLES}/latest/manifests.json`, '/v2/', '/v2/sluice/dev/manifests/latest', '/v2/sluice/dev/tags/list'],
];

describe('while the database does not answer', () => {
  it('what is published is served from memory, and says how old it is', async () => {
    const before = await Promise.all(PUBLISHED.map((path) => sluice.request.get(path).expect(200)));
    for (const { headers } of before) expect(headers).not.toHaveProperty('sluice-stale');
    await relay.cut();
    for (const [n, path] of PUBLISHED.entries()) {
      const answer = await sluice.request.get(path).expect(200);
      expect(answer.body, path).toEqual(before[n]?.body);
      expect(answer.text, path).toEqual(before[n]?.text);
      expect(Number(answer.headers['sluice-stale']), path).toBeGreaterThanOrEqual(1);
    }
    const { etag } = before[2]!.headers;
    await sluice.request.get(`${BUNDLES}/latest/manifests`).set('if-none-match', etag!).expect(304);
  });

  it('everything else is 503, to be tried again, and nothing is stored', async () => {
    await relay.cut();
    const refused = [
      sluice.request.get('/v1/teams'),
      sluice.request.get(`${ENVIRONMENT}/preview`),
      sluice.request.post('/v1/teams').send({ name: 'late' }),
      sluice.request.post(BUNDLES).send({}),
      sluice.request.get(`${BUNDLES}/9`),
    ];
    for (const request of refused) {
      const { status, body, headers } = await request;
      expect({ status, code: body.code }).toEqual({ status: 503, code: 'unavailable' });
      expect(headers['retry-after']).toBe('1');
    }
    const { body } = await sluice.request.post('/graphql').send({ query: '{ teams { nodes { name } } }' });
    expect(body.errors[0].extensions.code).toBe('unavailable');
    await relay.restore();
    await ready(200);
    await sluice.request.get('/v1/teams/late').expect(404);
  });

  it('who was never here is not let in, and neither is who was revoked before', async () => {
    const made = await sluice.request
      .post('/v1/tokens')
      .send({ name: 'gone-soon', scopes: ['read'] })
      .expect(201);
    await sluice.as(made.body.token).get(`${BUNDLES}/1`).expect(200);
    await sluice.request.delete(`/v1/tokens/${made.body.id}`).set('if-match', '*').expect(204);
    const unseen = await sluice.request
      .post('/v1/tokens')
      .send({ name: 'unseen', scopes: ['read'] })
      .expect(201);
    await sluice.request.get(`${BUNDLES}/1`).expect(200);
    await relay.cut();
    await sluice.as(made.body.token).get(`${BUNDLES}/1`).expect(401);
    await sluice.as(unseen.body.token).get(`${BUNDLES}/1`).expect(503);
    await sluice.request.get(`${BUNDLES}/1`).expect(200);
  });

  it('a version that was removed before is not served from memory', async () => {
    const at = '/v1/environments/staging/bundles';
    const flow = sluice.request.patch('/v1/flows/users-to-frontend').set('if-match', '*');
    await sluice.request.post(at).send({}).expect(201);
    await flow
      .type('application/merge-patch+json')
      .send({ ports: [{ port: 8081 }] })
      .expect(200);
    await sluice.request.post(at).send({}).expect(201);
    await Promise.all([1, 2].map((version) => sluice.request.get(`${at}/${version}`).expect(200)));
    const cache = sluice.app.get(BundleCache);
    const { removals = 0 } = cache;
    await sluice.request.post('/v1/retention').send({ environment: 'staging', keepVersions: 1 }).expect(200);
    await vi.waitFor(() => expect(cache.removals).toBeGreaterThan(removals));
    await relay.cut();
    await sluice.request.get(`${at}/1`).expect(503);
  });

  it('readyz says so, and livez does not', async () => {
    await relay.cut();
    const { status, body } = await sluice.request.get('/readyz');
    expect({ status, body }).toEqual({ status: 503, body: { status: 'the database does not answer' } });
    await sluice.request.get('/livez').expect(200);
  });

  it('a version published by another process as soon as it answers again is the latest here', async () => {
    await sluice.request.get(`${BUNDLES}/latest`).expect(200);
    await relay.cut();
    const other = await startTestApp({ databaseUrl: database.url, token: sluice.token });
    try {
      const podSelector = { matchLabels: { app: 'extra' } };
      await other.request.post('/v1/applications/shop/tiers').send({ name: 'extra', podSelector }).expect(201);
      await other.request.post(BUNDLES).send({}).expect(201);
      const during = await sluice.request.get(`${BUNDLES}/latest`).expect(200);
      expect(during.body.version).toBe(1);
      expect(during.headers).toHaveProperty('sluice-stale');
      await relay.restore();
      await vi.waitFor(
        async () => {
          const { body, headers } = await sluice.request.get(`${BUNDLES}/latest`).expect(200);
          expect({ version: body.version, stale: headers['sluice-stale'] }).toEqual({ version: 2, stale: undefined });
        },
        { timeout: 20_000, interval: 50 },
      );
    } finally {
      await other.close();
    }
  });
});

describe('while all connections of the pool are busy', () => {
  it('readyz and what is in memory still answer', async () => {
    await sluice.request.get(`${BUNDLES}/1/manifests`).expect(200);
    const { pool } = sluice.database;
    const held = await Promise.all(Array.from({ length: 10 }, () => pool.connect()));
    try {
      await sluice.request.get('/readyz').expect(200);
      await sluice.request.get(`${BUNDLES}/1/manifests`).expect(200);
    } finally {
      for (const client of held) client.release();
    }
  });
});
