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
