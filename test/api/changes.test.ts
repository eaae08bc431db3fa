import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';

let sluice: TestApp;
let writer: string;

beforeAll(async () => {
  sluice = await startTestApp();
  const { body } = await sluice.request
    .post('/v1/tokens')
    .send({ name: 'ci', scopes: ['write'] })
    .expect(201);
  writer = body.token;
  // not by supertest: Node writes headers and text together in one encoding, and header values are bytes
  const headers = {
    authorization: `Bearer ${writer}`,
    'content-type': 'application/json',
    'sluice-reason': Buffer.from('Ausfall №1 — 修正').toString('latin1'),
  };
  const made = await fetch(`${sluice.url}/v1/teams`, { method: 'POST', headers, body: '{"name": "web"}' });
  expect(made.status).toBe(201);
  await sluice.request.patch('/v1/teams/web').set('if-match', '*').send({ displayName: 'Web' }).expect(200);
  await sluice.request.post('/v1/applications').send({ name: 'shop', team: 'web' }).expect(201);
  const tier = { name: 'frontend', podSelector: { matchLabels: { app: 'frontend' } } };
  await sluice.request.post('/v1/applications/shop/tiers').send(tier).expect(201);
  await sluice.as(writer).delete('/v1/applications/shop/tiers/frontend').set('if-match', '*').expect(204);
});
afterAll(() => sluice.close());

async function changes(query = ''): Promise<any[]> {
  return (await sluice.request.get(`/v1/changes${query}`).expect(200)).body.items;
}
const titles = (items: any[]) => items.map(({ action, resource, name }) => `${action} ${resource} ${name}`);

describe('the change log', () => {
  it('tells of every write, newest first, and of nothing else', async () => {
    await sluice.request.post('/v1/teams').send({ name: 'web' }).expect(409);
    await sluice.request.post('/v1/teams').send({ name: 'No' }).expect(422);
    await sluice.request.post('/v1/teams?dryRun=true').send({ name: 'dry' }).expect(201);
    await sluice.request.patch('/v1/teams/web').set('if-match', '*').send({}).expect(200);
    const all = await changes();
    expect(titles(all)).toEqual([
      'delete tier shop/frontend',
      'create tier shop/frontend',
      'create application shop',
      'update team web',
      'create team web',
    ]);
    expect(all.map(({ revision }) => revision)).toEqual([5, 4, 3, 2, 1]);
  });

  it('keeps who, when, why, before and after', async () => {
    const all = await changes();
    expect(all[4]).toEqual({
      revision: 1,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      actor: 'ci',
      reason: 'Ausfall №1 — 修正',
      resource: 'team',
      name: 'web',
      action: 'create',
      after: { name: 'web' },
    });
    expect(all[3]).toMatchObject({
      actor: 'admin',
      before: { name: 'web' },
      after: { name: 'web', displayName: 'Web' },
    });
    expect(all[3]).not.toHaveProperty('reason');
    expect(all[0]).toMatchObject({ actor: 'ci', before: { application: 'shop', name: 'frontend' } });
    expect(all[0]).not.toHaveProperty('after');
    const { headers } = await sluice.request.get('/v1/teams/web').expect(200);
    expect(headers['etag']).toBe('"2"');
  });

  it.each([
    ['?resource=team', 2],
    ['?resource=tier&name=shop/frontend', 2],
    ['?actor=ci', 2],
    ['?actor=admin&resource=team', 1],
    ['?actor=nobody', 0],
    ['?since=3', 2],
    ['?since=0', 5],
    ['?since=999999999999', 0],
    ['?since=2020-01-01T00:00:00Z', 5],
    ['?since=2020-01-01T00:00:00.5%2B02:00', 5],
    ['?since=9999-01-01T00:00:00Z', 0],
    ['?since=2&resource=tier', 2],
  ])('is narrowed by %s', async (query, count) => {
    expect((await changes(query)).length).toBe(count);
  });

  it('is narrowed by the time of a change, from it on', async () => {
    const all = await changes();
    expect(titles(await changes(`?since=${all[2].at}`))).toEqual(titles(all.filter(({ at }) => at >= all[2].at)));
  });

  it('comes in pages', async () => {
    const all = await changes();
    const first = await sluice.request.get('/v1/changes?pageSize=2').expect(200);
    const link = /<([^>]+)>; rel="next"/.exec(first.headers['link'] ?? '')![1]!;
    const second = await sluice.request.get(link).expect(200);
    const third = await sluice.request.get(`/v1/changes?pageSize=2&pageToken=${second.body.nextPageToken}`).expect(200);
    expect([...first.body.items, ...second.body.items, ...third.body.items]).toEqual(all);
    expect(third.body).not.toHaveProperty('nextPageToken');
    await sluice.request.get(`/v1/changes?actor=ci&pageToken=${second.body.nextPageToken}`).expect(400);
  });
});
