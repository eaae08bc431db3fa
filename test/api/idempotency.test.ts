import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

let one: TestApp;
/** Another process, as far as the database can tell. */
let two: TestApp;

beforeAll(async () => {
  one = await startTestApp();
  await loadShop(one.app);
  two = await startTestApp({ databaseUrl: one.databaseUrl, token: one.token });
});
afterAll(async () => {
  await two.close();
  await one.close();
});

/** Other test files lock in databases of their own, on the same server. */
const OWN_LOCKS = `pg_locks WHERE locktype = 'advisory' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

async function count(sql: string): Promise<number> {
  return Number((await one.database.pool.query(`SELECT count(*) AS n FROM ${sql}`)).rows[0].n);
}

/** Holds whatever every write of the model waits for, so that a request stays in flight. */
async function holdWrites(): Promise<() => Promise<void>> {
  const client = await one.database.pool.connect();
  await client.query('BEGIN; SELECT * FROM model_state FOR UPDATE');
  return async () => {
    await client.query('ROLLBACK');
    client.release();
  };
}

describe('Idempotency-Key', () => {
  const post = (sluice: TestApp, key: string, body: object, path = '/v1/teams') =>
    sluice.request.post(path).set('idempotency-key', key).send(body);

  it('replays the stored reply, in any process, and does nothing twice', async () => {
    const first = await post(one, 'replay', { name: 'alpha', displayName: 'Alpha' }).expect(201);
    await one.request.patch('/v1/teams/alpha').set('if-match', '*').send({ displayName: 'Changed' }).expect(200);
    const changes = await count('change');
    for (const sluice of [one, two]) {
      const again = await post(sluice, 'replay', { name: 'alpha', displayName: 'Alpha' }).expect(201);
      expect(again.body).toEqual(first.body);
      expect(again.headers['etag']).toBe(first.headers['etag']);
      expect(again.headers['location']).toBe(first.headers['location']);
    }
    expect(await count('change')).toBe(changes);
  });

  it('answers 422 to the same key with another request', async () => {
    await post(one, 'other', { name: 'beta' }).expect(201);
    for (const [body, path] of [
      [{ name: 'gamma' }, '/v1/teams'],
      [{ name: 'beta', displayName: 'Beta' }, '/v1/teams'],
      [{ name: 'beta', kind: 'anywhere' }, '/v1/peers'],
      [{ name: 'beta', podSelector: {} }, '/v1/applications/shop/tiers'],
    ] as const) {
      const { body: problem } = await post(two, 'other', body, path).expect(422);
      expect(problem).toMatchObject({
        code: 'idempotency-mismatch',
        detail: 'Idempotency-Key "other" was used for another request',
      });
    }
    expect(await count(`team WHERE name = 'gamma'`)).toBe(0);
  });

  it.each([
    ['the same process', () => one],
    ['another process', () => two],
  ])('answers 409 while the first request is in flight in %s', async (_, second) => {
    const key = `in-flight-${second() === one ? 'one' : 'two'}`;
    const release = await holdWrites();
    const first = post(one, key, { name: key }).then((answer) => answer.status);
    try {
      await expect.poll(() => count(OWN_LOCKS)).toBeGreaterThan(0);
      const { body } = await post(second(), key, { name: key }).expect(409);
      expect(body).toMatchObject({
        code: 'idempotency-in-flight',
        detail: `the first request with Idempotency-Key "${key}" has not ended yet`,
      });
    } finally {
      await release();
    }
    expect(await first).toBe(201);
    await post(second(), key, { name: key }).expect(201);
    expect(await count(`change WHERE name = '${key}'`)).toBe(1);
  });

  it('lets one of twenty at once through, and gives the others its reply or a 409', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => post(i % 2 ? one : two, 'twenty', { name: 'twenty' })),
    );
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    const made = answers.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ headers }) => headers['etag'])).size).toBe(1);
    for (const { body } of answers.filter(({ status }) => status === 409))
      expect(body.code).toBe('idempotency-in-flight');
    expect(await count(`change WHERE name = 'twenty'`)).toBe(1);
  });

  it('is not kept where the request failed: the next try counts', async () => {
    await post(one, 'failing', { name: 'Not A Name' }).expect(422);
    await post(one, 'failing', { name: 'demo' }).expect(409);
    await post(one, 'failing', { name: 'delta' }).expect(201);
    await post(one, 'failing', { name: 'demo' }).expect(422);
  });

  it('is not kept by a dry run', async () => {
    await post(one, 'dry', { name: 'dry' }, '/v1/teams?dryRun=true').expect(201);
    expect(await count(`idempotency_key WHERE key = 'dry'`)).toBe(0);
    await post(one, 'dry', { name: 'wet' }).expect(201);
  });

  it('belongs to the token that used it', async () => {
    const { body } = await one.request
      .post('/v1/tokens')
      .send({ name: 'someone', scopes: ['write'] })
      .expect(201);
    await post(one, 'mine', { name: 'epsilon' }).expect(201);
    const theirs = one.as(body.token).post('/v1/teams').set('idempotency-key', 'mine').send({ name: 'zeta' });
    await theirs.expect(201);
  });

  it('guards a publish', async () => {
    const message = { message: 'Once' };
    const first = await post(one, 'publish', message, '/v1/environments/prod/bundles').expect(201);
    const podSelector = { matchLabels: { app: 'cache' } };
    await one.request.post('/v1/applications/shop/tiers').send({ name: 'cache', podSelector }).expect(201);
    const again = await post(two, 'publish', message, '/v1/environments/prod/bundles').expect(201);
    expect(again.body).toEqual(first.body);
    expect(await count(`bundle WHERE environment = 'prod'`)).toBe(1);
    await post(two, 'publish', { message: 'Twice' }, '/v1/environments/prod/bundles').expect(422);
    await post(two, 'publish', message, '/v1/environments/staging/bundles').expect(422);
  });

  it('never gives a secret twice', async () => {
    const body = { name: 'robot', scopes: ['read'] };
    const first = await post(one, 'token', body, '/v1/tokens').expect(201);
    expect(first.body.token).toMatch(/^slc_/);
    for (const sluice of [one, two]) {
      const again = await post(sluice, 'token', body, '/v1/tokens').expect(201);
      expect(again.body).toEqual({ ...first.body, token: undefined });
      expect(again.text).not.toContain('slc_');
    }
    const { rows } = await one.database.pool.query(`SELECT outcome::text FROM idempotency_key WHERE key = 'token'`);
    expect(rows[0].outcome).not.toContain(first.body.token);
  });

  it('is kept by a process whose clock is days behind', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3 * 24 * 3600 * 1000 });
    try {
      await post(one, 'behind', { name: 'behind' }).expect(201);
    } finally {
      vi.useRealTimers();
    }
    await post(two, 'behind', { name: 'behind' }).expect(201);
  });

  describe('older than 48 hours', () => {
    const keep = (prefix: string, count: number, age: string) =>
      one.database.pool.query(
        `INSERT INTO idempotency_key (actor, key, fingerprint, at)
         SELECT 'someone', $1 || n, '', now() - $2::interval FROM generate_series(1, $3) n`,
        [prefix, age, count],
      );
    const old = `idempotency_key WHERE key LIKE 'old-%'`;

    it('goes when a new one is stored, a hundred at a time, and younger ones stay', async () => {
      await keep('young-', 3, '47 hours 59 minutes');
      await keep('old-', 150, '48 hours 1 minute');
      await post(one, 'cleans-1', { name: 'cleans-1' }).expect(201);
      expect(await count(old)).toBe(50);
      await post(one, 'cleans-2', { name: 'cleans-2' }).expect(201);
      expect(await count(old)).toBe(0);
      expect(await count(`idempotency_key WHERE key LIKE 'young-%'`)).toBe(3);
    });

    it('stays where the write comes to nothing, or is dry', async () => {
      await keep('old-', 2, '3 days');
      await post(one, 'refused', { name: 'Not A Name' }).expect(422);
      await post(one, 'dry-too', { name: 'dry-too' }, '/v1/teams?dryRun=true').expect(201);
      expect(await count(old)).toBe(2);
    });

    it('makes no write wait for another that takes it away', async () => {
      const client = await one.database.pool.connect();
      try {
        await client.query(`BEGIN; SELECT * FROM ${old} FOR UPDATE`);
        await post(two, 'does-not-wait', { name: 'does-not-wait' }).timeout(5_000).expect(201);
        expect(await count(old)).toBe(2);
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    });

    it('means a new request once it is gone', async () => {
      await post(one, 'again', { name: 'again' }).expect(201);
      await one.database.pool.query(`UPDATE idempotency_key SET at = now() - interval '3 days' WHERE key = 'again'`);
      await post(one, 'another', { name: 'another' }).expect(201);
      await post(one, 'again', { name: 'again' }).expect(409);
    });
  });
});
