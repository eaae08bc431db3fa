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
});
