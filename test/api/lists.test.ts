import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../graphql/ask.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';
import { KINDS } from './kinds.js';

let sluice: TestApp;
const MADE = ['page-a', 'page-b', 'page-c', 'page-d', 'page-e'];

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
  for (const kind of KINDS) {
    // placements need applications of their own; those of the kind before are there
    for (const name of MADE)
      await sluice.request
        .put(`${kind.collection}/${name}`)
        .set('if-none-match', '*')
        .send(kind.body(name))
        .expect(201);
  }
});
afterAll(() => sluice.close());

/** Every page of a list, by the token or by the link. */
async function walk(path: string, by: 'token' | 'link'): Promise<any[][]> {
  const pages: any[][] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const { body, headers }: Awaited<ReturnType<typeof sluice.request.get>> = await sluice.request
      .get(next)
      .expect(200);
    pages.push(body.items);
    const link: string | undefined = /^<([^>]+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1];
    expect(link === undefined).toBe(body.nextPageToken === undefined);
    if (body.nextPageToken === undefined) return pages;
    expect(new URL(link!, 'http://x').searchParams.get('pageToken')).toBe(body.nextPageToken);
    const separator = path.includes('?') ? '&' : '?';
    next = by === 'link' ? link : `${path}${separator}pageToken=${encodeURIComponent(body.nextPageToken)}`;
  }
  return pages;
}

describe.each(KINDS)('the list of $collection', ({ collection, nameField, body }) => {
  it('comes in pages, in the order of names, each object once', async () => {
    const { body: all } = await sluice.request.get(collection).expect(200);
    const names = all.items.map((item: any) => item[nameField]);
    expect(names).toEqual([...names].sort());
    expect(names).toEqual(expect.arrayContaining(MADE));
    expect(all).not.toHaveProperty('nextPageToken');
    expect(all.items.find((item: any) => item[nameField] === 'page-c')).toEqual(body('page-c'));

    for (const by of ['token', 'link'] as const) {
      const pages = await walk(`${collection}?pageSize=2`, by);
      expect(pages.flat()).toEqual(all.items);
      expect(pages.slice(0, -1).every((page) => page.length === 2)).toBe(true);
    }
    expect((await walk(`${collection}?pageSize=${names.length}`, 'token')).length).toBe(1);
  });

  it('does not skip or repeat when objects come and go between pages', async () => {
    const path = `${collection}?pageSize=2`;
    const first = await sluice.request.get(path).expect(200);
    const last = first.body.items.at(-1)[nameField];
    const gone = await sluice.request.get(`${collection}/${last}`).expect(200);
    const token = encodeURIComponent(first.body.nextPageToken);
    const deleted = await sluice.request.delete(`${collection}/${last}`).set('if-match', '*');
    const second = await sluice.request.get(`${path}&pageToken=${token}`).expect(200);
    expect(second.body.items[0][nameField] > last).toBe(true);
    if (deleted.status === 204)
      await sluice.request.put(`${collection}/${last}`).set('if-none-match', '*').send(gone.body).expect(201);
  });

  it('takes page tokens of its own only', async () => {
    const { body: page } = await sluice.request.get(`${collection}?pageSize=1`).expect(200);
    const other = collection === '/v1/teams' ? '/v1/peers' : '/v1/teams';
    for (const path of [`${other}?pageToken=${page.nextPageToken}`, `${collection}?pageToken=${page.nextPageToken}x`]) {
      // a character more at the end of base64 may be read as nothing; it must never be a 5xx
      const { status, body: problem } = await sluice.request.get(path);
      expect([200, 400]).toContain(status);
      if (path.startsWith(other)) expect(problem.detail).toContain('pageToken belongs to another list or filter');
    }
  });
});

describe('filters', () => {
  const names = async (path: string) =>
    (await sluice.request.get(path).expect(200)).body.items.map((item: any) => item.name);
  const shop = ['backend-to-database', 'frontend-to-backend', 'users-to-frontend'];

  beforeAll(async () => {
    for (const name of MADE) await sluice.request.delete(`/v1/flows/${name}`).set('if-match', '*').expect(204);
    const flows = [
      { name: 'dev-only', from: { tier: 'shop/frontend' }, to: { peer: 'page-a' }, environments: ['dev'] },
      { name: 'ranges', from: { tier: 'page-a/web' }, to: { tier: 'shop/backend' } },
    ];
    const podSelector = { matchLabels: { app: 'web' } };
    await sluice.request.post('/v1/applications/page-a/tiers').send({ name: 'web', podSelector }).expect(201);
    const [first, second] = flows;
    const ports = [{ protocol: 'UDP', port: 5000, endPort: 5010 }];
    await sluice.request
      .post('/v1/flows')
      .send({ ...first, ports: [{ port: 443 }] })
      .expect(201);
    await sluice.request
      .post('/v1/flows')
      .send({ ...second, ports })
      .expect(201);
  });

  it.each([
    ['environment=dev', [...shop, 'dev-only', 'ranges']],
    ['environment=prod', [...shop, 'ranges']],
    ['application=shop', [...shop, 'dev-only', 'ranges']],
    ['application=page-a', ['ranges']],
    ['from=shop/frontend', ['dev-only', 'frontend-to-backend']],
    ['from=users', ['users-to-frontend']],
    ['to=shop/backend', ['frontend-to-backend', 'ranges']],
    ['to=page-a', ['dev-only']],
    ['to=users', []],
    ['port=http', ['users-to-frontend']],
    ['port=80', ['users-to-frontend']],
    ['port=443', ['dev-only']],
    ['port=5005', ['ranges']],
    ['port=5011', []],
    ['port=nothing', []],
    ['environment=dev&from=shop/frontend&port=443', ['dev-only']],
    ['environment=prod&from=shop/frontend&port=443', []],
  ])('/v1/flows?%s', async (query, expected) => {
    expect(await names(`/v1/flows?${query}`)).toEqual([...expected].sort());
  });

  it('/v1/applications?team=', async () => {
    await sluice.request.patch('/v1/applications/page-b').set('if-match', '*').send({ team: 'page-a' }).expect(200);
    expect(await names('/v1/applications?team=page-a')).toEqual(['page-b']);
    expect((await names('/v1/applications?team=demo')).includes('page-b')).toBe(false);
  });

  it.each([
    ['flows?environment=moon', ['#/environment environment "moon" in the filter does not exist (have: dev, page-a, ']],
    ['flows?application=nope', ['#/application application "nope" in the filter does not exist (have: page-a, ']],
    ['flows?from=backend', ['#/from peer "backend" in the filter does not exist (have: page-a, ']],
    ['flows?to=shop/nothing', ['#/to tier "shop/nothing" in the filter does not exist (have: shop/backend, ']],
    ['flows?to=nope/nothing', ['#/to tier "nope/nothing" in the filter does not exist']],
    ['flows?from=shop/frontend/more', ['#/from tier "shop/frontend/more" in the filter does not exist']],
    ['flows?from=/', ['#/from tier "/" in the filter does not exist']],
    ['flows?from=nope&environment=moon&port=80', ['#/environment environment "moon"', '#/from peer "nope"']],
    ['applications?team=nobody', ['#/team team "nobody" in the filter does not exist (have: demo, page-a, ']],
  ])('/v1/%s names what does not exist', async (query, told) => {
    const { status, body } = await sluice.request.get(`/v1/${query}`);
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'invalid' });
    const said = body.errors.map(({ pointer, detail }: any) => `${pointer} ${detail}`);
    expect(said).toEqual(told.map((start) => expect.stringMatching(`^${start.replace(/[()]/g, '\\$&')}`)));
    expect(body.errors.map(({ code }: any) => code)).toEqual(told.map((start) => `unknown-${start.split(' ')[1]}`));
  });

  it('by GraphQL name what does not exist as REST does', async () => {
    const { errors } = await ask(sluice, '{ flows(from: "nope", environment: "moon") { nodes { name } } }');
    const { body } = await sluice.request.get('/v1/flows?from=nope&environment=moon').expect(422);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'invalid', errors: body.errors });
    const { errors: others } = await ask(sluice, '{ applications(team: "nobody") { nodes { name } } }');
    expect(others?.[0]?.extensions.errors).toMatchObject([{ pointer: '#/team', code: 'unknown-team' }]);
  });

  it('hold on every page, and a token is good for its own filter only', async () => {
    const pages = await walk('/v1/flows?application=shop&pageSize=2', 'link');
    expect(pages.flat().map(({ name }) => name)).toEqual([...shop, 'dev-only', 'ranges'].sort());
    const { body } = await sluice.request.get('/v1/flows?application=shop&pageSize=2').expect(200);
    const token = encodeURIComponent(body.nextPageToken);
    await sluice.request.get(`/v1/flows?application=shop&pageToken=${token}`).expect(200);
    for (const filter of ['', 'application=page-a', 'application=shop&port=80', 'from=shop']) {
      const { body: problem } = await sluice.request.get(`/v1/flows?${filter}&pageToken=${token}`).expect(400);
      expect(problem.detail).toBe('pageToken belongs to another list or filter: start again without it');
    }
  });
});
