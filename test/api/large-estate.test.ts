import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkPool } from '../../src/work/work-pool.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

/** Every job goes to a thread, and every estate is large. */
const pool = new WorkPool(0, 0);
/** With so many flows an estate is large also for the server that does all it can by itself. */
const LARGE_FLOWS = 200;
const PATH = '/v1/environments/dev';

let threads: TestApp;
let here: TestApp;

beforeAll(async () => {
  threads = await startTestApp({ pool });
  await loadShop(threads.app);
  const inline = new WorkPool(undefined, LARGE_FLOWS);
  here = await startTestApp({ databaseUrl: threads.databaseUrl, token: threads.token, pool: inline });
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
  const TEXT = { accept: 'text/plain' };
  const QUESTION = `${PATH}/reachability?from=shop/frontend`;
  const LOOKS: [name: string, path: string, headers?: Record<string, string>][] = [
    ['a preview', `${PATH}/preview`],
    ['a preview as text', `${PATH}/preview`, TEXT],
    ['a diff with the draft', `${PATH}/bundles/1/diff/draft`],
    ['a diff of two environments', `${PATH}/bundles/1/diff/draft?environment=prod`],
    ['a diff as text', `${PATH}/bundles/draft/diff/1`, TEXT],
    ['an overview of the draft', `${PATH}/bundles/draft/overview.txt`],
    ['connections', `${PATH}/connections?version=1`],
    ['connections of the draft, of one port', `${PATH}/connections?port=3000`],
    ['paths', `${PATH}/paths?from=users`],
    ['an allowed question', `${QUESTION}&to=shop/backend&version=1`],
    ['a denied question, and how to mend it', `${QUESTION}&to=shop/database&port=3306`],
    ['a question in words', `${QUESTION}&to=8.8.8.8&port=443`, TEXT],
    ['a question about what does not exist', `${QUESTION}&to=shop/nothing`],
    ['connections of what does not exist', `${PATH}/connections?from=shop/nothing`],
    ['paths without an end', `${PATH}/paths`],
    ['a plan', `${PATH}/bundles/1/plan`],
    ['a plan between two editions', `${PATH}/bundles/draft/plan?from=1`],
    ['a plan as a script', `${PATH}/bundles/1/plan.sh`],
    ['a plan as sync waves', `${PATH}/bundles/1/plan.yaml?from=draft`],
    ['a plan from what does not exist', `${PATH}/bundles/1/plan?from=7`],
    ['an inventory', `${PATH}/bundles/1/inventory`],
    ['an inventory, and what to prune', `${PATH}/bundles/draft/inventory?from=1`],
    ['manifests', `${PATH}/bundles/1/manifests`],
    ['manifests as JSON', `${PATH}/bundles/latest/manifests.json`],
    ['the preview of an environment that does not exist', '/v1/environments/moon/preview'],
    ['the draft of an environment that does not exist', '/v1/environments/moon/connections'],
    ['the diff of a version that does not exist', `${PATH}/bundles/1/diff/7`],
  ];
  for (const format of ['txt', 'md', 'mmd', 'dot', 'svg'])
    LOOKS.push([`an overview, ${format}`, `${PATH}/bundles/1/overview.${format}`]);

  it.each(LOOKS)('%s: the same as without them', async (_, path, headers = {}) => {
    const [one, other] = await Promise.all(
      [threads, here].map(async (app) => {
        const reply = await app.request.get(path).set(headers);
        const { traceId: __, ...problem } = reply.type === 'application/problem+json' ? reply.body : {};
        const body = reply.type === 'application/problem+json' ? problem : (reply.text ?? reply.body.toString());
        return { status: reply.status, type: reply.headers['content-type'], body };
      }),
    );
    expect(one).toEqual(other);
    expect(one?.status).toBeLessThan(500);
  });

  it('GraphQL answers the same as without them', async () => {
    const objects = '{ namespace name direction tier { ref } }';
    const query = `{ environment(name: "dev") { preview { digest changes { objects { kind name } } } overview(format: md)
      connections { source { __typename } flowNames } paths(from: "users") { complete } }
      bundle(environment: "dev") { objects ${objects} manifests diff(other: "draft") { flows { kind } }
        plan { steps { name action } script syncWaves } inventory { objects }
        verdict(from: "shop/frontend", to: "shop/backend") { allowed egress { objects { name networkPolicy ${objects} } } } }
      flow(name: "frontend-to-backend") { networkPolicies ${objects} }
      tier(application: "shop", name: "frontend") { reaches(environment: "dev", maxHops: 3) { distance } } }`;
    const [one, other] = await Promise.all([threads, here].map((app) => app.request.post('/graphql').send({ query })));
    expect(one?.body.errors).toBeUndefined();
    expect(one?.body).toEqual(other?.body);
  });

  it('a dry run stores nothing', async () => {
    const stored = async () => {
      const counts = '(SELECT count(*) FROM blob) AS blobs, (SELECT count(*) FROM fragment) AS fragments';
      return (await threads.database.pool.query(`SELECT ${counts}`)).rows;
    };
    const before = await stored();
    await threads.request.post('/v1/environments/prod/bundles?dryRun=true').send({}).expect(201);
    const promotion = { from: 'dev', version: 1 };
    await threads.request.post('/v1/environments/prod/promotions?dryRun=true').send(promotion).expect(201);
    await threads.request.get('/v1/environments/prod/bundles/latest').expect(404);
    expect(await stored()).toEqual(before);
  });

  it('promotions and rollbacks are the same as without them', async () => {
    const profile = { profile: { defaultDeny: false } };
    await here.request.patch('/v1/environments/prod').set('if-match', '*').send(profile).expect(200);
    const both = (path: string, body: object) =>
      Promise.all(
        [threads, here].map(async (app) => {
          const { status, body: answer } = await app.request.post(path).send(body);
          const { publishedAt: _, traceId: __, blobs: ___, ...said } = answer;
          return { status, said };
        }),
      );
    const dry = async (path: string, body: object, status: number): Promise<any> => {
      const [one, other] = await both(`${path}?dryRun=true`, body);
      expect(one).toEqual(other);
      expect(one?.status).toBe(status);
      return one?.said;
    };
    const promotion = { from: 'dev', version: 1 };
    const promotions = '/v1/environments/prod/promotions';
    const said = await dry(promotions, promotion, 201);
    expect(said).toMatchObject({ version: 1, origin: { kind: 'promotion', environment: 'dev', version: 1 } });
    const { body } = await threads.request.post(promotions).send(promotion).expect(201);
    expect(body).toMatchObject(said);
    await dry(promotions, promotion, 200);
    await dry(promotions, { from: 'dev', version: 9 }, 422);
    await here.request.post('/v1/environments').send({ name: 'bare' }).expect(201);
    const refused = await dry('/v1/environments/bare/promotions', promotion, 422);
    expect(refused.errors.map(({ code }: any) => code)).toEqual([
      'tier-not-placed',
      'tier-not-placed',
      'tier-not-placed',
    ]);

    await here.request
      .patch('/v1/environments/prod')
      .set('if-match', '*')
      .send({ profile: { defaultDeny: true } })
      .expect(200);
    await here.request.post('/v1/environments/prod/bundles').send({}).expect(201);
    const rollbacks = '/v1/environments/prod/rollbacks';
    const change = await dry(rollbacks, { to: 1 }, 201);
    expect(change.changes.profile).toMatchObject([{ fact: 'defaultDeny' }]);
    await dry(rollbacks, { to: 'latest' }, 200);
    const { body: back } = await threads.request.post(rollbacks).send({ to: 1 }).expect(201);
    expect(back).toMatchObject({ ...change, version: 3, digest: body.digest });
    const images = ['v1', 'v3'].map(async (tag) => (await here.request.get(`/v2/sluice/prod/manifests/${tag}`)).text);
    const [first, third] = (await Promise.all(images)).map((text) => JSON.parse(text));
    expect(third.layers).toEqual(first.layers);
  });

  it('a key means once, also where what it asked for is refused by now', async () => {
    const prod = '/v1/environments/prod';
    await here.request.put(`${prod}/tags/once`).set('if-none-match', '*').send({ version: 2 }).expect(201);
    const ask = () => threads.request.post(`${prod}/rollbacks`).set('idempotency-key', 'once').send({ to: 'once' });
    const { body } = await ask().expect(201);
    await here.request.delete(`${prod}/tags/once`).set('if-match', '*').expect(204);
    expect((await ask().expect(201)).body).toEqual(body);
    await threads.request.post(`${prod}/rollbacks`).send({ to: 'once' }).expect(422);
  });

  it('publishes, promotions and rollbacks at once make versions without a gap, each with the content that it names', async () => {
    const staging = '/v1/environments/staging';
    await threads.request.post(`${staging}/promotions`).send({ from: 'dev', version: 1 }).expect(201);
    const ways: [string, object][] = [
      ['bundles', {}],
      ['rollbacks', { to: 1 }],
      ['promotions', { from: 'dev', version: 'latest' }],
      ['rollbacks', { to: 'latest' }],
    ];
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, n) => {
        const [path, body] = ways[n % ways.length]!;
        return (n % 3 === 0 ? threads : here).request.post(`${staging}/${path}`).send(body);
      }),
    );
    expect(replies.filter(({ status }) => status !== 200 && status !== 201)).toEqual([]);
    const { body } = await here.request.get(`${staging}/bundles?pageSize=100`).expect(200);
    const versions = new Map<number, any>(body.items.map((item: any) => [item.version, item]));
    expect([...versions.keys()]).toEqual(Array.from(versions, (_, index) => versions.size - index));
    const created = replies.filter(({ status }) => status === 201).map((reply) => reply.body.version);
    expect(created.sort((a, b) => a - b)).toEqual(Array.from(created, (_, index) => index + 2));
    for (const { version, digest, origin } of versions.values()) {
      if (version > 1) expect(digest).not.toBe(versions.get(version - 1).digest);
      if (origin.kind === 'rollback') expect(digest).toBe(versions.get(origin.version).digest);
    }
  });

  it('publishes of a large estate are rendered ahead, and still make versions 1..N without a gap, none twice', async () => {
    await addFlows(LARGE_FLOWS);
    const publishes = Array.from({ length: 8 }, (_, n) =>
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
      pool.run('renderEdition', { snapshot: '{', predecessor: undefined, purpose: 'preview' }, 1),
    ).rejects.toThrow(SyntaxError);
  });
});
