import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, dataOf } from '../graphql/ask.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

const TAGS = '/v1/environments/dev/tags';
const BUNDLES = '/v1/environments/dev/bundles';

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
  const profile = { profile: { defaultDeny: false } };
  await sluice.request.patch('/v1/environments/dev').set('if-match', '*').send(profile).expect(200);
  await sluice.request.post(BUNDLES).send({}).expect(201);
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});

const create = (name: string, version: unknown) =>
  sluice.request.put(`${TAGS}/${name}`).set('if-none-match', '*').send({ version });
const remove = (name: string) => sluice.request.delete(`${TAGS}/${name}`).set('if-match', '*');

async function tokenWith(scopes: string[], environment?: string): Promise<string> {
  const name = `token-${scopes.join('-')}-${environment ?? 'all'}`;
  return (await sluice.request.post('/v1/tokens').send({ name, scopes, environment }).expect(201)).body.token;
}

describe('a tag', () => {
  it('marks a version, moves with its ETag, and goes; the log says who did it and why', async () => {
    const created = await create('stable', 1).expect(201);
    expect(created.body).toEqual({ environment: 'dev', name: 'stable', version: 1 });
    expect(created.headers['location']).toBe(`${TAGS}/stable`);
    const etag = String(created.headers['etag']);

    await sluice.request.put(`${TAGS}/stable`).send({ version: 2 }).expect(428);
    await create('stable', 2).expect(412);
    const move = () => sluice.request.put(`${TAGS}/stable`).set('if-match', etag).set('sluice-reason', 'no complaints');
    expect((await move().send({ version: 2 }).expect(200)).body.version).toBe(2);
    await move().send({ version: 1 }).expect(412);
    expect((await sluice.request.get(`${TAGS}/stable`).expect(200)).body.version).toBe(2);

    const { body: log } = await sluice.request.get('/v1/changes?resource=tag&pageSize=1').expect(200);
    expect(log.items[0]).toMatchObject({
      name: 'dev/stable',
      action: 'update',
      reason: 'no complaints',
      before: { version: 1 },
      after: { version: 2 },
    });
    await remove('stable').expect(204);
    await sluice.request.get(`${TAGS}/stable`).expect(404);
  });

  it('is shown with its version, whose ETag then is another one', async () => {
    const plain = await sluice.request.get(`${BUNDLES}/1`).expect(200);
    expect(plain.body.tags).toEqual([]);
    for (const name of ['released', 'good']) await create(name, 1).expect(201);
    const tagged = await sluice.request
      .get(`${BUNDLES}/1`)
      .set('if-none-match', String(plain.headers['etag']))
      .expect(200);
    expect(tagged.body).toEqual({ ...plain.body, tags: ['good', 'released'] });
    expect(tagged.headers['cache-control']).toBe('private, no-cache');
    const { body: list } = await sluice.request.get(BUNDLES).expect(200);
    expect(list.items.map(({ version, tags }: any) => [version, tags])).toEqual([
      [2, []],
      [1, ['good', 'released']],
    ]);
    const query = `{ environment(name: "dev") { tags { name version environment { name } } bundles { nodes { version tags } } } }`;
    const { environment } = await dataOf(sluice, query);
    expect(environment.tags).toEqual(
      ['good', 'released'].map((name) => ({ name, version: 1, environment: { name: 'dev' } })),
    );
    expect(environment.bundles.nodes).toEqual([
      { version: 2, tags: [] },
      { version: 1, tags: ['good', 'released'] },
    ]);
    const { body: tags } = await sluice.request.get(`${TAGS}?pageSize=1`).expect(200);
    expect(tags.items).toEqual([{ environment: 'dev', name: 'good', version: 1 }]);
    expect(tags.nextPageToken).toBeDefined();
    for (const name of ['released', 'good']) await remove(name).expect(204);
  });

  it('of a publish that makes no new version are those of the version that stands', async () => {
    await create('stands', 2).expect(201);
    const { body, headers } = await sluice.request.post(BUNDLES).send({}).expect(200);
    expect(body).toMatchObject({ version: 2, tags: ['stands'] });
    expect((await sluice.request.get(`${BUNDLES}/2`).expect(200)).headers['etag']).toBe(headers['etag']);
    await remove('stands').expect(204);
  });

  it.each(['latest', 'draft', 'v1', '12', 'UPPER', '1.0.3'])('is not called %s', async (name) => {
    const { body } = await create(name, 1).expect(422);
    expect(body.errors).toMatchObject([{ pointer: '#/name', value: name }]);
  });

  it('marks a version that is there', async () => {
    const { body } = await create('ahead', 9).expect(422);
    expect(body.errors).toEqual([
      {
        pointer: '#/version',
        code: 'unknown-version',
        detail: 'version 9 of environment "dev" does not exist',
        value: 9,
      },
    ]);
    for (const version of [0, 1.5, '1', 2 ** 31, undefined]) await create('odd', version).expect(422);
    const moon = sluice.request.put('/v1/environments/moon/tags/stable').set('if-none-match', '*');
    expect((await moon.send({ version: 1 }).expect(404)).body.detail).toBe('environment "moon" does not exist');
    await sluice.request.get('/v1/environments/moon/tags').expect(404);
  });

  it('is written by whoever may publish there', async () => {
    const put = (token: string) =>
      sluice.as(token).put(`${TAGS}/mine?dryRun=true`).set('if-none-match', '*').send({ version: 1 });
    expect((await put(await tokenWith(['write'])).expect(403)).body.detail).toContain('"publish"');
    await put(await tokenWith(['publish'])).expect(201);
    await put(await tokenWith(['publish'], 'dev')).expect(201);
    await put(await tokenWith(['publish'], 'prod')).expect(403);
    await sluice.request.get(`${TAGS}/mine`).expect(404);
  });

  it('is set, read and deleted by GraphQL as by REST', async () => {
    const set =
      'mutation ($input: TagInput!, $ifMatch: String, $ifAbsent: Boolean) { setTag(input: $input, ifMatch: $ifMatch, ifAbsent: $ifAbsent) { name version etag } }';
    const input = { environment: 'dev', name: 'graph', version: 1 };
    const { setTag } = await dataOf(sluice, set, { input, ifAbsent: true });
    expect(setTag.etag).toBe((await sluice.request.get(`${TAGS}/graph`).expect(200)).headers['etag']);
    const { errors } = await ask(sluice, set, { input: { ...input, version: 2 } });
    expect(errors?.[0]?.extensions.code).toBe('precondition-required');
    const moved = await dataOf(sluice, set, { input: { ...input, version: 2 }, ifMatch: setTag.etag });
    expect(moved.setTag.version).toBe(2);
    expect(await dataOf(sluice, '{ tag(environment: "dev", name: "graph") { version } }')).toEqual({
      tag: { version: 2 },
    });
    const wrong = await ask(sluice, set, { input: { ...input, name: 'v7', version: 99 }, ifAbsent: true });
    expect(wrong.errors?.[0]?.extensions.errors.map(({ code }: any) => code)).toEqual([
      'reserved-tag',
      'unknown-version',
    ]);
    const gone = 'mutation { deleteTag(environment: "dev", name: "graph", ifMatch: "*") }';
    expect(await dataOf(sluice, gone)).toEqual({ deleteTag: true });
  });
});

describe('a tag stands for its version', () => {
  const DEV = '/v1/environments/dev';
  const move = (version: number, app = sluice) =>
    app.request.put(`${TAGS}/canary`).set('if-match', '*').send({ version }).expect(200);
  let other: TestApp;

  beforeAll(async () => {
    await create('canary', 1).expect(201);
    other = await startTestApp({ databaseUrl: sluice.databaseUrl, token: sluice.token });
  });
  afterAll(async () => {
    await remove('canary').expect(204);
    await other.close();
  });

  it.each([
    ['a version', '/bundles/canary', '/bundles/1'],
    ['manifests', '/bundles/canary/manifests.yaml', '/bundles/1/manifests.yaml'],
    ['a list', '/bundles/canary/manifests.json', '/bundles/1/manifests.json'],
    ['an overview', '/bundles/canary/overview.txt', '/bundles/1/overview.txt'],
    ['a diff', '/bundles/canary/diff/latest', '/bundles/1/diff/2'],
    ['a diff, the other way', '/bundles/draft/diff/canary', '/bundles/draft/diff/1'],
    [
      'a diff of two environments',
      '/bundles/canary/diff/draft?environment=prod',
      '/bundles/1/diff/draft?environment=prod',
    ],
    ['a plan', '/bundles/canary/plan', '/bundles/1/plan'],
    ['a plan from there', '/bundles/2/plan?from=canary', '/bundles/2/plan?from=1'],
    ['an inventory', '/bundles/canary/inventory?from=latest', '/bundles/1/inventory?from=2'],
    ['connections', '/connections?version=canary', '/connections?version=1'],
    ['paths', '/paths?from=users&version=canary', '/paths?from=users&version=1'],
    [
      'a question',
      '/reachability?from=shop/frontend&to=shop/backend&version=canary',
      '/reachability?from=shop/frontend&to=shop/backend&version=1',
    ],
  ])('where %s is asked for', async (_, byTag, byNumber) => {
    const [tagged, numbered] = [
      await sluice.request.get(DEV + byTag).expect(200),
      await sluice.request.get(DEV + byNumber).expect(200),
    ];
    expect(tagged.text).toBe(numbered.text);
    expect(tagged.headers['content-location']).toBe(numbered.headers['content-location']);
  });

  it('in GraphQL', async () => {
    const query = (
      version: string,
    ) => `{ bundle(environment: "dev", version: "${version}") { version diff(other: "${version}") { flows { kind } } plan(from: "${version}") { steps { name } } }
      environment(name: "dev") { overview(version: "${version}") connections(version: "${version}") { flowNames } paths(from: "users", version: "${version}") { complete }
        plan(version: "${version}", from: "latest") { steps { name action } } inventory(version: "${version}") { objects }
        verdict(from: "shop/frontend", to: "shop/backend", version: "${version}") { allowed version } }
      tier(application: "shop", name: "frontend") { reaches(environment: "dev", version: "${version}") { distance } } }`;
    expect(await dataOf(sluice, query('canary'))).toEqual(await dataOf(sluice, query('1')));
    const { errors } = await ask(sluice, query('nobody'));
    expect(new Set(errors?.map(({ message }) => message))).toEqual(
      new Set(['tag "nobody" in environment "dev" does not exist (have: canary)']),
    );
  });

  it('until it moves, which every process sees at once; so nobody keeps what it stood for', async () => {
    for (const version of [2, 1, 2, 1]) {
      await move(version, version === 2 ? sluice : other);
      for (const app of [other, sluice]) {
        const { body, headers } = await app.request.get(`${BUNDLES}/canary`).expect(200);
        expect([body.version, headers['content-location']]).toEqual([version, `${BUNDLES}/${version}`]);
        const manifests = await app.request.get(`${BUNDLES}/canary/manifests`).expect(200);
        expect(manifests.headers['cache-control']).toBe('private, no-cache');
        expect(manifests.headers['sluice-version']).toBe(String(version));
        const verdict = 'verdict(environment: "dev", from: "shop/frontend", to: "shop/backend", version: "canary")';
        expect((await dataOf(app, `{ ${verdict} { version } }`)).verdict.version).toBe(String(version));
        const image = await app.request.get('/v2/sluice/dev/manifests/canary').expect(200);
        const numbered = await app.request.get(`/v2/sluice/dev/manifests/v${version}`).expect(200);
        expect(image.headers['docker-content-digest']).toBe(numbered.headers['docker-content-digest']);
      }
    }
  });

  it('in the registry: listed with the others, and fetched as they are', async () => {
    const { body } = await sluice.request.get('/v2/sluice/dev/tags/list').expect(200);
    expect(body.tags).toEqual(['1.0.1', '1.0.2', 'canary', 'latest', 'v1', 'v2']);
    const head = await sluice.request.head('/v2/sluice/dev/manifests/canary').expect(200);
    const { headers } = await sluice.request.get('/v2/sluice/dev/manifests/v1').expect(200);
    for (const name of ['docker-content-digest', 'content-length', 'content-type', 'etag'])
      expect(head.headers[name], name).toBe(headers[name]);
    expect([head.headers['cache-control'], headers['cache-control']]).toEqual([
      'private, no-cache',
      'private, max-age=31536000, immutable',
    ]);
    await sluice.request.get('/v2/sluice/dev/manifests/nobody').expect(404);
    await sluice.request.get('/v2/sluice/prod/tags/list').expect(200, { name: 'sluice/prod', tags: [] });
  });

  it('and for nothing in another environment', async () => {
    const { body } = await sluice.request.get('/v1/environments/prod/bundles/canary').expect(404);
    expect(body.detail).toBe('tag "canary" in environment "prod" does not exist');
    await sluice.request.get('/v1/environments/moon/bundles/canary').expect(404);
  });
});
