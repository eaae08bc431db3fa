import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EditionWork } from '../../src/features/bundle/edition-work.js';
import { ContentStore } from '../../src/store/content.store.js';
import { ask, dataOf } from '../graphql/ask.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

let sluice: TestApp;
let other: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
  other = await startTestApp({ databaseUrl: sluice.databaseUrl, token: sluice.token, retention: { keepVersions: 2 } });
});
afterAll(async () => {
  for (const app of [sluice, other]) expect(app?.failures).toEqual([]);
  await other?.close();
  await sluice.close();
});

let nodes = 0;
const bundles = (name: string) => `/v1/environments/${name}/bundles`;

/** Content that nothing else has: the next version of an environment. */
async function publish(name: string): Promise<any> {
  const placements = `/v1/environments/${name}/placements/shop`;
  const placement = { environment: name, application: 'shop', namespace: `shop-${++nodes}` };
  const standing = await sluice.request.get(placements);
  const precondition = standing.status === 200 ? 'if-match' : 'if-none-match';
  await sluice.request.put(placements).set(precondition, '*').send(placement);
  return (await sluice.request.post(bundles(name)).send({}).expect(201)).body;
}

async function environment(name: string, versions: number): Promise<string> {
  await sluice.request.post('/v1/environments').send({ name }).expect(201);
  for (let version = 1; version <= versions; version++) await publish(name);
  return name;
}

async function numbersOf(name: string): Promise<number[]> {
  const { body } = await sluice.request.get(bundles(name)).expect(200);
  return body.items.map(({ version }: any) => version);
}

const retention = (body?: object, query = '') => sluice.request.post(`/v1/retention${query}`).send(body);

describe('retention', () => {
  it('says what would go, does it, and then has nothing to do', async () => {
    const name = await environment('counted', 4);
    await sluice.request.put(`/v1/environments/${name}/tags/good`).set('if-none-match', '*').send({ version: 1 });
    const bytes = (version: number) => sluice.request.get(`${bundles(name)}/${version}/manifests.tar.gz`);
    const before = (await bytes(1).expect(200)).headers['etag'];
    const body = { environment: name, keepVersions: 2 };
    const dry = await retention(body, '?dryRun=true').expect(200);
    expect(dry.body).toEqual({
      keepVersions: 2,
      environments: [{ environment: name, removed: [2], kept: 3 }],
      complete: true,
      blobs: expect.any(Number),
      fragments: expect.any(Number),
      bytes: expect.any(Number),
    });
    expect(await numbersOf(name)).toEqual([4, 3, 2, 1]);
    expect((await retention(body).expect(200)).body).toEqual(dry.body);
    expect(await numbersOf(name)).toEqual([4, 3, 1]);
    expect(dry.body.blobs).toBeGreaterThan(4); // what the registry had of it, too
    expect((await bytes(1).expect(200)).headers['etag']).toBe(before);
    const again = (await retention(body).expect(200)).body;
    expect(again).toMatchObject({ environments: [{ removed: [], kept: 3 }], blobs: 0, fragments: 0, bytes: 0 });
    expect((await publish(name)).version).toBe(5);
  });

  it('of a version that was removed: 410, who did it and why; of one that never was: 404', async () => {
    const name = await environment('gone', 3);
    const paths = ['', '/manifests', '/manifests.json', '/diff/3', '/overview.txt'].map(
      (rest) => `${bundles(name)}/1${rest}`,
    );
    // both processes have it in memory
    for (const app of [sluice, other]) for (const path of paths) await app.request.get(path).expect(200);
    await retention({ environment: name, keepVersions: 2 }).set('sluice-reason', 'room for more').expect(200);
    const paged = `/v1/environments/${name}/connections?version=1`;
    for (const path of [...paths, paged]) {
      const { body } = await sluice.request.get(path).expect(410);
      expect(body).toMatchObject({ code: 'gone', type: 'urn:sluice:problem:gone' });
      expect(body.detail).toMatch(
        /^version 1 of environment "gone" was removed by retention \(admin, 2.*Z\): room for more$/,
      );
    }
    await vi.waitFor(() => other.request.get(`${bundles(name)}/1`).expect(410));
    await sluice.request.get(`${bundles(name)}/4`).expect(404);
    const query = `{ bundle(environment: "${name}", version: "1") { version } }`;
    expect((await ask(sluice, query)).errors?.[0]?.extensions.code).toBe('gone');
    const late = sluice.request.put(`/v1/environments/${name}/tags/late`).set('if-none-match', '*');
    expect((await late.send({ version: 1 }).expect(422)).body.errors[0].detail).toContain('was removed at 2');
  });

  it('takes the image of a version from the registry, and what other images share stays', async () => {
    const name = await environment('images', 3);
    const of = (app: TestApp, path: string) => app.request.get(`/v2/sluice/${name}/${path}`);
    const images = [];
    for (const tag of ['v1', 'v3']) images.push(JSON.parse((await of(sluice, `manifests/${tag}`).expect(200)).text));
    const [gone = [], kept = []] = images.map(({ config, layers }: any) => [config.digest, layers[0].digest]);
    for (const app of [sluice, other]) for (const digest of gone) await of(app, `blobs/${digest}`).expect(200);
    await retention({ environment: name, keepVersions: 1 }).expect(200);
    await of(sluice, 'manifests/v1').expect(404);
    for (const digest of kept) await of(sluice, `blobs/${digest}`).expect(200);
    for (const digest of gone.filter((digest: string) => !kept.includes(digest))) {
      await of(sluice, `blobs/${digest}`).expect(404);
      await vi.waitFor(() => of(other, `blobs/${digest}`).expect(404));
    }
    expect((await of(sluice, 'tags/list').expect(200)).body.tags).toEqual(['1.0.3', 'latest', 'v3']);
  });

  it('leaves alone what it is told nothing of, and the latest version in any case', async () => {
    const name = await environment('left', 3);
    for (const body of [undefined, {}, { environment: 'counted', keepVersions: 1 }]) {
      await retention(body).expect(200);
      expect(await numbersOf(name)).toEqual([3, 2, 1]);
    }
    await retention({ environment: name, keepDays: 1 }).expect(200);
    expect(await numbersOf(name)).toEqual([3, 2, 1]);
    await retention({ environment: name, keepDays: 0 }).expect(200);
    expect(await numbersOf(name)).toEqual([3]);
  });

  it('keeps what the settings say, where it is not told', async () => {
    const name = await environment('settings', 3);
    const { body } = await other.request.post('/v1/retention').send({ environment: name, keepDays: 0 }).expect(200);
    expect(body).toMatchObject({ keepVersions: 2, keepDays: 0, environments: [{ removed: [1] }] });
    const stricter = await other.request.post('/v1/retention').send({ environment: name, keepVersions: 1 }).expect(200);
    expect(stricter.body.environments).toEqual([{ environment: name, removed: [2], kept: 1 }]);
  });

  it('says since which version a flow is published, also where that version is gone', async () => {
    const name = await environment('since', 3);
    const asked = `/v1/environments/${name}/reachability?from=shop/frontend&to=shop/backend&version=latest`;
    const sinceOf = async () =>
      JSON.stringify((await sluice.request.get(asked).expect(200)).body).match(/"publishedSince":\d+/g);
    const before = await sinceOf();
    expect(before).toContain('"publishedSince":1');
    await retention({ environment: name, keepVersions: 1 }).expect(200);
    expect(await sinceOf()).toEqual(before);
  });

  it('answers the same by GraphQL, and is done once for an Idempotency-Key', async () => {
    const name = await environment('twice', 3);
    const mutation = `mutation ($dryRun: Boolean) { applyRetention(environment: "${name}", keepVersions: 1, dryRun: $dryRun) {
      keepVersions keepDays environments { environment removed kept } complete blobs fragments bytes } }`;
    const { applyRetention } = await dataOf(sluice, mutation, { dryRun: true });
    const once = () => retention({ environment: name, keepVersions: 1 }).set('idempotency-key', 'sweep').expect(200);
    const first = (await once()).body;
    expect({ ...first, keepDays: null }).toEqual(applyRetention);
    expect(first.environments).toEqual([{ environment: name, removed: [1, 2], kept: 1 }]);
    expect((await once()).body).toEqual(first);
    const wrong = await ask(sluice, `mutation { applyRetention(keepVersions: 0) { blobs } }`);
    expect(wrong.errors?.[0]?.extensions).toMatchObject({ code: 'invalid', errors: [{ pointer: '#/keepVersions' }] });
  });

  it('names every problem of what it is told, and asks for the scope admin', async () => {
    const { body } = await retention({ environment: 'dev', keepVersions: 0, keepDays: -1, keep: 1 }).expect(422);
    expect(body.errors.map(({ pointer }: any) => pointer)).toEqual(['#/keep', '#/keepDays', '#/keepVersions']);
    const moon = await retention({ environment: 'moon' }).expect(422);
    expect(moon.body.errors[0].detail).toContain('"moon"');
    for (const [scopes, bound] of [
      [['publish', 'write'], undefined],
      [['admin'], 'dev'],
    ] as const) {
      const input = { name: `sweeper-${scopes.join('-')}`, scopes, environment: bound };
      const { token } = (await sluice.request.post('/v1/tokens').send(input).expect(201)).body;
      await sluice.as(token).post('/v1/retention?dryRun=true').send({}).expect(403);
    }
  });
});

describe('a publish that renders ahead, in a thread', () => {
  const large = () => vi.spyOn(sluice.app.get(EditionWork), 'modelIsLarge').mockResolvedValue(true);

  it('begins again where retention took its content before it could refer to it', async () => {
    const name = await environment('ahead', 1);
    const ahead = large();
    const contents = sluice.app.get(ContentStore);
    const { hold } = contents;
    let swept = 0;
    const spied = vi.spyOn(contents, 'hold').mockImplementation(async (sql, stored) => {
      if (++swept <= 4) await other.request.post('/v1/retention').send({}).expect(200);
      return hold.call(contents, sql, stored);
    });
    try {
      expect((await publish(name)).version).toBe(2);
      expect(spied).toHaveBeenCalledTimes(5);
    } finally {
      ahead.mockRestore();
      spied.mockRestore();
    }
    await sluice.request.get(`${bundles(name)}/2/manifests.tar.gz`).expect(200);
  });

  it('begins again where retention took the version that it compares with', async () => {
    const name = await environment('compared', 1);
    const ahead = large();
    const work = sluice.app.get(EditionWork);
    const inThread = work.inThread.bind(work) as (...args: unknown[]) => Promise<never>;
    const spied = vi.spyOn(work, 'inThread').mockImplementationOnce(async (...args: unknown[]) => {
      // another publish and retention, both after the latest version was read
      ahead.mockResolvedValue(false);
      await publish(name);
      await retention({ environment: name, keepVersions: 1 }).expect(200);
      ahead.mockResolvedValue(true);
      return inThread(...args);
    });
    try {
      const { body } = await sluice.request.post(bundles(name)).send({}).expect(200);
      expect(body.version).toBe(2);
      expect(spied).toHaveBeenCalledTimes(2);
    } finally {
      ahead.mockRestore();
      spied.mockRestore();
    }
    expect(await numbersOf(name)).toEqual([2]);
  });
});
