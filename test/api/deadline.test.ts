import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

const BUNDLES = '/v1/environments/dev/bundles';

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp({ deadlineMs: 400 });
  await loadShop(sluice.app);
});
afterAll(() => sluice.close());

/** Holds what is selected until told otherwise, as a transaction of somebody else would. */
async function hold(rows: string): Promise<() => Promise<void>> {
  const client = await sluice.database.pool.connect();
  await client.query(`BEGIN; SELECT * FROM ${rows} FOR UPDATE`);
  return async () => {
    await client.query('ROLLBACK');
    client.release();
  };
}

describe('a request that takes too long', () => {
  it('is given up with 503, and says that a write may still be done', async () => {
    const release = await hold('model_state');
    try {
      const { status, body, headers } = await sluice.request.post('/v1/teams').send({ name: 'slow' });
      expect({ status, code: body.code }).toEqual({ status: 503, code: 'unavailable' });
      expect(body.detail).toContain('given up after 0.4 seconds');
      expect(body.detail).toContain('it may still be done, or not');
      expect(headers['retry-after']).toBe('1');
    } finally {
      await release();
    }
    await expect.poll(async () => (await sluice.request.get('/v1/teams/slow')).status).toBe(200);
    expect(sluice.failures.filter((line) => line.includes('ALREADY_SENT'))).toEqual([]);
  });

  it('is not one that asked to wait', async () => {
    const { etag } = (await sluice.request.get(`${BUNDLES}/latest`).expect(200)).headers;
    const waiting = sluice.request.get(`${BUNDLES}/latest`).set({ 'if-none-match': etag!, prefer: 'wait=2' });
    expect((await waiting).status).toBe(304);
  });
});

describe('while somebody holds an environment', () => {
  it('those who would publish it take no connection from the others', async () => {
    const release = await hold(`environment WHERE name = 'dev'`);
    try {
      const asked = Array.from({ length: 12 }, (_, n) =>
        sluice.request.post(BUNDLES).set('idempotency-key', `held-${n}`).send({}),
      );
      const answers = Promise.all(asked.map((request) => request.then(({ status }) => status)));
      await expect.poll(() => sluice.database.pool.totalCount - sluice.database.pool.idleCount).toBe(3); // with ours
      await sluice.request.get('/v1/teams').expect(200);
      await sluice.request.post('/v1/environments/staging/bundles?dryRun=true').send({}).expect(201);
      await sluice.request.post(BUNDLES).set('idempotency-key', 'held-11').send({}).expect(409);
      expect(new Set(await answers)).toEqual(new Set([503]));
    } finally {
      await release();
    }
  });
});
