import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

describe('proof', () => {
  let sluice: TestApp;
  beforeAll(async () => {
    sluice = await startTestApp();
    await loadShop(sluice.app);
  });
  afterAll(() => sluice.close());

  it('is kept with every version: of which bytes, and how much was compared', async () => {
    const { body } = await sluice.request.get('/v1/environments/dev/bundles/1').expect(200);
    expect(body.proof).toMatchObject({
      equal: true,
      digest: body.digest,
      compared: { tiers: 3, flows: 3, objects: 7 },
    });
    expect(body.proof.compared.pairs).toBeGreaterThan(100);
  });

  it('is shown by the preview', async () => {
    const { body } = await sluice.request.get('/v1/environments/prod/preview').expect(200);
    expect(body.proof).toMatchObject({ equal: true, differences: [], objections: [] });
  });

  it('names a cluster without DNS, and publishes all the same: the profile says so', async () => {
    await sluice.request
      .put('/v1/environments/staging')
      .set('if-match', '*')
      .send({ profile: { dns: null } })
      .expect(200);
    const { body } = await sluice.request.post('/v1/environments/staging/bundles').send({}).expect(201);
    expect(body.proof.equal).toBe(true);
    expect(body.proof.caveats.map(({ code }: { code: string }) => code)).toContain('no-dns');
  });

  it('can be asked for by GraphQL', async () => {
    const query =
      '{ environment(name: "dev") { latestBundle { proof { equal compared { pairs } } } preview { proof { equal } } } }';
    const { body } = await sluice.request.post('/graphql').send({ query }).expect(200);
    expect(body.data.environment).toMatchObject({
      latestBundle: { proof: { equal: true } },
      preview: { proof: { equal: true } },
    });
  });
});
