import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkPool } from '../../src/work/work-pool.js';
import { startTestApp, type TestApp, WORKER } from '../support/app.js';
import { loadShop } from '../support/shop.js';

/** Every job goes to a thread. */
const pool = new WorkPool(0, WORKER);
const PATH = '/v1/environments/dev';

let threads: TestApp;
let here: TestApp;

beforeAll(async () => {
  threads = await startTestApp({ pool });
  await loadShop(threads.app);
  here = await startTestApp({ databaseUrl: threads.databaseUrl, token: threads.token });
});
afterAll(async () => {
  await here.close();
  await threads.close();
});

/** As many flows as make an estate one that is rendered before the environment is locked. */
async function addFlows(count: number): Promise<void> {
  await threads.database.pool.query(`
    INSERT INTO flow (name, from_peer, to_application, to_tier, everywhere, revision)
      SELECT 'many-' || i, 'users', 'shop', 'frontend', true, 1 FROM generate_series(1, ${count}) AS i`);
  await threads.database.pool.query(`
    INSERT INTO flow_port (flow, position, protocol, port)
      SELECT 'many-' || i, 0, 'TCP', 10000 + i FROM generate_series(1, ${count}) AS i`);
}

describe('in worker threads', () => {
  it('a preview is the same as without them', async () => {
    const [one, other] = await Promise.all(
      [threads, here].map((app) => app.request.get(`${PATH}/preview`).expect(200)),
    );
    expect(one?.body).toEqual(other?.body);
    expect(one?.body.proof.equal).toBe(true);
  });

  it('publishes of a large estate are rendered ahead, and still make versions 1..N without a gap, none twice', async () => {
    await addFlows(1_000);
    const publishes = Array.from({ length: 12 }, (_, n) =>
      (n % 2 === 0 ? threads : here).request.post(`${PATH}/bundles`).send({ message: `publish ${n}` }),
    );
    const replies = await Promise.all(publishes);
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 201]));
    expect(new Set(replies.map(({ body }) => body.version))).toEqual(new Set([2]));
  });

  it('what was rendered ahead and was overtaken is rendered again', async () => {
    for (let round = 1; round <= 3; round++) {
      const change = { from: { peer: 'users' }, to: { tier: 'shop/frontend' } };
      const flows = [0, 1].map((n) => ({
        ...change,
        name: `round-${round}-${n}`,
        ports: [{ protocol: 'TCP', port: 30000 + 2 * round + n }],
      }));
      await Promise.all(
        flows.map(async (flow, n) => {
          const app = n === 0 ? threads : here;
          await app.request.post('/v1/flows').send(flow).expect(201);
          await app.request
            .post(`${PATH}/bundles`)
            .send({})
            .expect(({ status }) => expect([200, 201]).toContain(status));
        }),
      );
    }
    const { body } = await here.request.get(`${PATH}/bundles?pageSize=100`).expect(200);
    const versions: number[] = body.items.map(({ version }: { version: number }) => version);
    expect(versions).toEqual(Array.from(versions, (_, index) => versions.length - index));
    const revisions: number[] = body.items.map(({ revision }: { revision: number }) => revision);
    expect(revisions).toEqual([...revisions].sort((a, b) => b - a));
    const { body: preview } = await here.request.get(`${PATH}/preview`).expect(200);
    expect(preview.wouldPublish).toBe(false);
  });

  it('a refusal crosses from the thread as a refusal', async () => {
    await expect(
      pool.run('renderEdition', { snapshot: '{', predecessor: undefined, contents: false }, 1),
    ).rejects.toThrow(SyntaxError);
  });
});
