import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { runs } from '../support/runs.js';
import { loadShop } from '../support/shop.js';

const DEV = '/v1/environments/dev/deployments';
const LATEST = 3;

let sluice: TestApp;
/** Another process, as far as the database can tell. */
let other: TestApp;
/** Of dev, by version less one. */
const digests: string[] = [];

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
  other = await startTestApp({ databaseUrl: sluice.databaseUrl, token: sluice.token });
  for (const nodeCidrs of [['10.0.0.0/8'], ['10.0.0.0/9']]) {
    const profile = { defaultDeny: nodeCidrs[0] === '10.0.0.0/9', nodeCidrs, dns: { ports: [{ port: 5353 }] } };
    await sluice.request.patch('/v1/environments/dev').set('if-match', '*').send({ profile }).expect(200);
    await sluice.request.post('/v1/environments/dev/bundles').send({}).expect(201);
  }
  for (let version = 1; version <= LATEST; version++)
    digests.push((await sluice.request.get(`/v1/environments/dev/bundles/${version}`).expect(200)).body.digest);
});
afterAll(async () => {
  expect([...sluice.failures, ...other.failures]).toEqual([]);
  await other.close();
  await sluice.close();
});
beforeEach(() => sql('DELETE FROM deployment'));

async function sql(text: string, ...values: unknown[]): Promise<any[]> {
  return (await sluice.database.pool.query(text, values)).rows;
}

const say = (cluster: string, version: number, result: string, more: object = {}, to = sluice) =>
  to.request.post(DEV).send({ cluster, version, result, ...more });

/** As if nothing had been heard of it for so long. */
const age = (cluster: string, by: string) =>
  sql(
    `UPDATE deployment SET reported_at = reported_at - $2::interval, running_since = running_since - $2::interval WHERE cluster = $1`,
    cluster,
    by,
  );

const clusters = async (query = ''): Promise<string[]> =>
  (await sluice.request.get(DEV + query).expect(200)).body.items.map(({ cluster }: any) => cluster);

describe('a report', () => {
  it('says what runs, since when, and how far behind', async () => {
    const { body, headers } = await say('eu-1.example.com', 2, 'applied', { digest: digests[1] }).expect(201);
    const { at } = body.lastReport;
    expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
    expect(body).toEqual({
      environment: 'dev',
      cluster: 'eu-1.example.com',
      running: { version: 2, digest: digests[1], since: at },
      behind: 1,
      lastReport: { version: 2, digest: digests[1], result: 'applied', at, by: 'admin' },
    });
    expect(headers['location']).toBe(`${DEV}/eu-1.example.com`);
    expect((await sluice.request.get(headers['location']!).expect(200)).body).toEqual(body);
    expect((await sluice.request.get(DEV).expect(200)).body).toEqual({ items: [body] });
  });

  it('of the same version again changes nothing of what runs; of another it does, forward and back', async () => {
    const first = (await say('eu-1', 2, 'applied').expect(201)).body;
    const again = (await say('eu-1', 2, 'applied', { message: 'again' }).expect(200)).body;
    expect(again.running).toEqual(first.running);
    expect(again.lastReport).toMatchObject({ message: 'again' });
    for (const version of [3, 1]) {
      const { running, behind, lastReport } = (await say('eu-1', version, 'applied').expect(200)).body;
      expect(running).toEqual({ version, digest: digests[version - 1], since: lastReport.at });
      expect(behind).toBe(LATEST - version);
      expect(lastReport).not.toHaveProperty('message');
    }
  });

  it('is never told to be older than the one before, though the clock was set back', async () => {
    await say('eu-1', 1, 'applied').expect(201);
    await age('eu-1', '-1 hour');
    const { body: before } = await sluice.request.get(`${DEV}/eu-1`).expect(200);
    const { body: after } = await say('eu-1', 2, 'applied').expect(200);
    expect(after.lastReport.at).toBe(before.lastReport.at);
    expect(after.running.since).toBe(before.lastReport.at);
  });

  it('of a failure leaves what ran before', async () => {
    const { body: never } = await say('eu-1', 3, 'failed', { message: 'denied' }).expect(201);
    expect(never).toMatchObject({ running: null, behind: null, lastReport: { result: 'failed', message: 'denied' } });
    const { body: good } = await say('eu-1', 2, 'applied').expect(200);
    const { body: bad } = await say('eu-1', 3, 'failed').expect(200);
    expect(bad).toMatchObject({ running: good.running, behind: 1, lastReport: { version: 3, result: 'failed' } });
  });

  it('may have the digest of any form that is served', async () => {
    for (const [form, accept] of Object.entries({ '.yaml': 'gzip', '.json': 'gzip', '.tar.gz': 'identity' }))
      for (const encoding of [accept, 'identity']) {
        const path = `/v1/environments/dev/bundles/1/manifests${form}`;
        const { headers } = await sluice.request.get(path).set('accept-encoding', encoding).expect(200);
        const digest = /sha256:[0-9a-f]{64}/.exec(headers['etag']!)![0];
        const { body } = await say('eu-1', 1, 'applied', { digest });
        expect(body).toMatchObject({ running: { digest: digests[0] }, lastReport: { digest } });
        const { body: refused } = await say('eu-1', 2, 'applied', { digest }).expect(422);
        expect(refused.errors).toMatchObject([{ pointer: '#/digest', code: 'wrong-digest', value: digest }]);
      }
  });

  it('may have the digest of the image, and of no signature of it', async () => {
    const { headers } = await sluice.request.get('/v2/sluice/dev/manifests/1.0.2').expect(200);
    const digest = headers['docker-content-digest'];
    await say('eu-1', 2, 'applied', { digest }).expect(201);
    await say('eu-1', 1, 'applied', { digest }).expect(422);
    const others = await sql(
      `SELECT digest FROM registry_entry WHERE version = 2 AND kind = 'manifest' AND position > 0`,
    );
    for (const { digest } of others) await say('eu-1', 2, 'applied', { digest }).expect(422);
  });

  it('is no part of the model: no revision, nothing in the change log', async () => {
    const before = await sql('SELECT revision, (SELECT count(*) FROM change) AS changes FROM model_state');
    await say('eu-1', 1, 'applied').expect(201);
    await sluice.request.delete(`${DEV}/eu-1`).expect(204);
    expect(await sql('SELECT revision, (SELECT count(*) FROM change) AS changes FROM model_state')).toEqual(before);
  });

  it('dry is checked and not kept', async () => {
    const { body } = await sluice.request
      .post(`${DEV}?dryRun=true`)
      .send({ cluster: 'eu-1', version: 3, result: 'applied' })
      .expect(201);
    expect(body).toMatchObject({ cluster: 'eu-1', behind: 0 });
    await sluice.request
      .post(`${DEV}?dryRun=true`)
      .send({ cluster: 'eu-1', version: 4, result: 'applied' })
      .expect(422);
    expect(await clusters()).toEqual([]);
  });

  it('with an Idempotency-Key is taken once', async () => {
    const keyed = (version: number) => say('eu-1', version, 'applied').set('idempotency-key', 'report');
    const { body } = await keyed(1).expect(201);
    await say('eu-1', 2, 'applied').expect(200);
    expect((await keyed(1).expect(201)).body).toEqual(body);
    await keyed(2).expect(422);
    expect((await sluice.request.get(`${DEV}/eu-1`).expect(200)).body.running.version).toBe(2);
  });
});

describe('the board', () => {
  beforeEach(async () => {
    await say('b', 2, 'applied');
    await say('c', 3, 'failed');
    await say('a', 3, 'applied');
    await say('d', 3, 'applied');
    await say('d', 2, 'failed');
    await say('a.b', 1, 'applied');
  });

  it('is by name, and can be asked who is behind and who failed', async () => {
    expect(await clusters()).toEqual(['a', 'a.b', 'b', 'c', 'd']);
    expect(await clusters('?behind=true')).toEqual(['a.b', 'b', 'c']);
    expect(await clusters('?behind=false')).toEqual(['a', 'd']);
    expect(await clusters('?result=failed')).toEqual(['c', 'd']);
    expect(await clusters('?result=applied&behind=true')).toEqual(['a.b', 'b']);
  });

  it('comes in pages', async () => {
    const pages = async (path: string): Promise<string[]> => {
      const { body, headers } = await sluice.request.get(path).expect(200);
      const next = /<([^>]+)>; rel="next"/.exec(headers['link'] ?? '')?.[1];
      return [...body.items.map(({ cluster }: any) => cluster), ...(next === undefined ? [] : await pages(next))];
    };
    for (const size of [1, 2, 4]) expect(await pages(`${DEV}?pageSize=${size}`)).toEqual(['a', 'a.b', 'b', 'c', 'd']);
    expect(await pages(`${DEV}?pageSize=2&behind=true`)).toEqual(['a.b', 'b', 'c']);
    const { body } = await sluice.request.get(`${DEV}?pageSize=1`).expect(200);
    await sluice.request.get(`${DEV}?behind=true&pageToken=${body.nextPageToken}`).expect(400);
  });

  it('forgets a cluster that is gone, until it reports again', async () => {
    await sluice.request.delete(`${DEV}/a?dryRun=true`).expect(204);
    await sluice.request.delete(`${DEV}/a`).expect(204);
    expect(await clusters()).toEqual(['a.b', 'b', 'c', 'd']);
    for (const method of ['get', 'delete'] as const) {
      const { body } = await sluice.request[method](`${DEV}/a`).expect(404);
      expect(body.detail).toBe('nothing was heard of cluster "a" of environment "dev" lately');
      const { body: elsewhere } = await sluice.request[method]('/v1/environments/moon/deployments/a').expect(404);
      expect(elsewhere.detail).toBe('environment "moon" does not exist');
    }
    await say('a', 3, 'failed').expect(201);
  });
});

describe('who may report', () => {
  it('whoever may read, a bound token in its own environment only; forgetting is a write', async () => {
    const tokenOf = async (name: string, more: object): Promise<string> =>
      (
        await sluice.request
          .post('/v1/tokens')
          .send({ name, ...more })
          .expect(201)
      ).body.token;
    const cluster = sluice.as(await tokenOf('dev-eu-1', { scopes: ['read'], environment: 'dev' }));
    const report = { cluster: 'eu-1', version: 1, result: 'applied' };
    const { body } = await cluster.post(DEV).send(report).expect(201);
    expect(body.lastReport.by).toBe('dev-eu-1');
    await cluster.get(DEV).expect(200);
    for (const path of ['/v1/environments/prod/deployments', '/v1/environments/moon/deployments']) {
      await cluster.post(path).send(report).expect(403);
      await cluster.get(path).expect(403);
      await cluster.get(`${path}/eu-1`).expect(403);
    }
    const { body: refused } = await cluster.delete(`${DEV}/eu-1`).expect(403);
    expect(refused.detail).toContain('scope "write"');
    const writer = sluice.as(await tokenOf('dev-writer', { scopes: ['write'], environment: 'dev' }));
    await writer.delete(`${DEV}/eu-1`).expect(204);
    await writer.delete('/v1/environments/prod/deployments/eu-1').expect(403);
  });
});

describe('a cluster that is not heard of for 30 days', () => {
  it('is not shown, and is new when it comes back', async () => {
    await say('young', 2, 'applied');
    await say('old', 2, 'applied');
    await age('young', '29 days 23 hours 59 minutes');
    await age('old', '30 days 1 second');
    expect(await clusters()).toEqual(['young']);
    for (const method of ['get', 'delete'] as const) await sluice.request[method](`${DEV}/old`).expect(404);
    const { body: young } = await say('young', 3, 'failed').expect(200);
    expect(young.running.version).toBe(2);
    const { body: old } = await say('old', 3, 'failed').expect(201);
    expect(old.running).toBeNull();
  });

  it('is back with a since of its own, though its row is still there', async () => {
    await say('old', 2, 'applied');
    await age('old', '31 days');
    const { body } = await say('old', 2, 'applied').expect(201);
    expect(body.running.since).toBe(body.lastReport.at);
  });

  it('is taken away by later reports of others, a hundred at a time, unless someone holds it', async () => {
    await sql(
      `INSERT INTO deployment SELECT 'dev', 'old-' || n, 1, now() - interval '40 days', 1, NULL, 'applied', NULL, 'x', now() - interval '40 days'
       FROM generate_series(1, 150) AS n`,
    );
    const old = async () => Number((await sql(`SELECT count(*) FROM deployment WHERE cluster LIKE 'old-%'`))[0].count);
    await sluice.request.post(`${DEV}?dryRun=true`).send({ cluster: 'eu-1', version: 3, result: 'applied' });
    expect(await old()).toBe(150);
    await say('eu-1', 3, 'applied').expect(201);
    expect(await old()).toBe(50);
    const client = await sluice.database.pool.connect();
    try {
      await client.query(`BEGIN; SELECT * FROM deployment WHERE cluster LIKE 'old-%' FOR UPDATE`);
      await say('eu-1', 3, 'applied').timeout(5_000).expect(200);
      expect(await old()).toBe(50);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
    await say('eu-1', 3, 'applied').expect(200);
    expect(await old()).toBe(0);
    expect(await clusters()).toEqual(['eu-1']);
  });
});

describe('at once', () => {
  /** Reports to both processes, of which each has come as far as it can while another transaction holds what `statement` takes. */
  async function together(statement: string, versions: readonly [string, number][]): Promise<any[]> {
    const client = await sluice.database.pool.connect();
    let both: Promise<any[]>;
    try {
      await client.query(`BEGIN; ${statement}`);
      both = Promise.all(versions.map(([name, version], n) => say(name, version, 'applied', {}, n ? sluice : other)));
      const waiting = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      await expect.poll(async () => (await sql(waiting))[0].n).toBe(versions.length);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
    return both;
  }

  it('the second report of a cluster is made of what the first left', async () => {
    await say('eu-1', 1, 'applied').expect(201);
    const answers = await together(`SELECT * FROM deployment FOR UPDATE`, [
      ['eu-1', 2],
      ['eu-1', 2],
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const [one, two] = answers.map(({ body }) => body);
    expect(two.running).toEqual(one.running);
    expect([one.lastReport.at, two.lastReport.at].sort()[0]).toBe(one.running.since);
  });

  it('all clusters of an environment are heard', async () => {
    const names = Array.from({ length: 40 }, (_, n) => `c-${n}`);
    for (const status of [201, 200])
      await Promise.all(names.map((name, n) => say(name, 2, 'applied', {}, n % 2 ? sluice : other).expect(status)));
    expect(await clusters()).toEqual([...names].sort());
  });

  it('two clusters more than there may be are one too many', async () => {
    await sql(
      `INSERT INTO deployment SELECT 'dev', 'c-' || n, 1, now(), 1, NULL, 'applied', NULL, 'x', now() FROM generate_series(1, 9999) AS n`,
    );
    const inTheWay = `INSERT INTO deployment SELECT environment, name, 1, now(), 1, NULL, 'applied', NULL, 'x', now()
       FROM deployment, unnest(ARRAY['new-1', 'new-2']) AS name WHERE cluster = 'c-1'`;
    const answers = await together(inTheWay, [
      ['new-1', 1],
      ['new-2', 1],
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422]);
    const { errors } = answers.find(({ status }) => status === 422)!.body;
    expect(errors).toMatchObject([
      {
        pointer: '#/cluster',
        code: 'too-many-clusters',
        detail: expect.stringContaining('has 10000 clusters already'),
      },
    ]);
    await say('c-1', 2, 'applied').expect(200);
  });
});

/** What happens to the clusters of an environment. */
type Step =
  | { readonly kind: 'report'; readonly cluster: string; readonly version: number; readonly result: string }
  | { readonly kind: 'forget' | 'silence'; readonly cluster: string };

const cluster = fc.constantFrom('a', 'b');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('report' as const),
      cluster,
      version: fc.integer({ min: 1, max: LATEST }),
      result: fc.constantFrom('applied', 'failed'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('forget' as const, 'silence' as const), cluster }) },
);

interface Known {
  readonly running: { readonly version: number; readonly since: string } | null;
  readonly last: Step;
}

/** What a report makes of what was known, said plainly. */
function fold(before: Known | undefined, report: Step & { kind: 'report' }, at: string): Known {
  const running = before?.running ?? null;
  if (report.result === 'failed' || running?.version === report.version) return { running, last: report };
  return { running: { version: report.version, since: at }, last: report };
}

describe('any course of reports', () => {
  it('is told as a fold over it is', async () => {
    const take = async (known: Map<string, Known>, step: Step): Promise<void> => {
      if (step.kind === 'report') {
        const answer = await say(step.cluster, step.version, step.result);
        expect(answer.status).toBe(known.has(step.cluster) ? 200 : 201);
        known.set(step.cluster, fold(known.get(step.cluster), step, answer.body.lastReport.at));
      } else {
        if (step.kind === 'silence') await age(step.cluster, '31 days');
        else await sluice.request.delete(`${DEV}/${step.cluster}`).expect(known.has(step.cluster) ? 204 : 404);
        known.delete(step.cluster);
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await sql('DELETE FROM deployment');
        const known = new Map<string, Known>();
        for (const step of steps) await take(known, step);
        const { body } = await sluice.request.get(DEV).expect(200);
        const told = body.items.map(({ cluster, running, behind, lastReport: { version, result } }: any) => {
          return { running, behind, last: { kind: 'report', cluster, version, result } };
        });
        const expected = [...known.values()].map(({ running, last }) => ({
          running: running && { ...running, digest: digests[running.version - 1] },
          behind: running && LATEST - running.version,
          last,
        }));
        expect(told).toEqual(expected.sort((a, b) => (a.last.cluster < b.last.cluster ? -1 : 1)));
      }),
      runs(30),
    );
  });
});
