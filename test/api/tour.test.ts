import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadShop } from '../support/shop.js';
import { startTestApp, type TestApp } from '../support/app.js';

describe('a fresh start', () => {
  let sluice: TestApp;
  beforeAll(async () => {
    sluice = await startTestApp();
    await loadShop(sluice.app);
  });
  afterAll(() => sluice.close());

  it('holds the small example, with version 1 published in dev', async () => {
    const { body } = await sluice.request.get('/v1/environments/dev/bundles/latest').expect(200);
    expect(body).toMatchObject({ environment: 'dev', version: 1, counts: { namespaces: 1, objects: 7, flows: 3 } });
  });

  it('tells what a frontend that is taken over can reach, and who can get to the database', async () => {
    const paths = (query: object) => sluice.request.get('/v1/environments/dev/paths').query(query);
    const { body: out } = await paths({ from: 'shop/frontend', version: 'latest' }).expect(200);
    expect(out.paths.map(({ to, hops }: { to: object; hops: object[] }) => [to, hops.length])).toEqual([
      [{ tier: 'shop/backend' }, 1],
      [{ tier: 'shop/database' }, 2],
    ]);
    const { body: into } = await paths({ to: 'shop/database' }).expect(200);
    expect(into.paths.at(-1).from).toEqual({ peer: 'users' });
    await paths({}).expect(400);
  });
});
