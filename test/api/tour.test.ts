import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FlowService } from '../../src/features/flow/flow.service.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

describe('a fresh start', () => {
  let sluice: TestApp;
  beforeAll(async () => {
    sluice = await startTestApp();
  });
  afterAll(() => sluice.close());

  const latest = () => sluice.request.get('/v1/environments/dev/bundles/latest');
  const changes = async () => (await sluice.request.get('/v1/changes?pageSize=500').expect(200)).body.items;

  it('that was killed while it loaded the example is taken up by the next one', async () => {
    const flows = sluice.app.get(FlowService);
    const create = vi.spyOn(flows, 'create').mockRejectedValueOnce(new Error('killed'));
    await expect(loadShop(sluice.app)).rejects.toThrow('killed');
    create.mockRestore();
    await latest().expect(404);
    await loadShop(sluice.app);
    await latest().expect(200);
  });

  it('holds the small example, with version 1 published in dev', async () => {
    const { body } = await latest().expect(200);
    expect(body).toMatchObject({ environment: 'dev', version: 1, counts: { namespaces: 1, objects: 7, flows: 3 } });
    const { body: teams } = await sluice.request.get('/v1/teams').expect(200);
    expect(teams.items.map(({ name }: any) => name)).toEqual(['demo']);
    expect(new Set((await changes()).map(({ actor }: any) => actor))).toEqual(new Set(['sluice-demo']));
  });

  it('is followed by others that change nothing', async () => {
    const before = await changes();
    await loadShop(sluice.app);
    await sluice.request.delete('/v1/flows/users-to-frontend').set('if-match', '*').expect(204);
    await loadShop(sluice.app);
    await sluice.request.get('/v1/flows/users-to-frontend').expect(404);
    expect((await changes()).length).toBe(before.length + 1);
  });
});
