import { SigningKeys } from '../../src/platform/keys/signing-keys.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { fixedKey } from '../support/fixed-keys.js';
import { loadShop } from '../support/shop.js';

export const [release, attestation, stranger] = [fixedKey('release'), fixedKey('attestation'), fixedKey('stranger')];

/** A signing server with two versions of dev: the shop alone, then a blog in a namespace of its own beside it. */
export async function startPublished(): Promise<TestApp> {
  const ring = (key = release) => ({ signers: [key.signer], published: [] });
  const sluice = await startTestApp({ keys: new SigningKeys(ring(), ring(attestation)) });
  await loadShop(sluice.app);
  await sluice.request.post('/v1/applications').send({ name: 'blog', team: 'demo' }).expect(201);
  const podSelector = { matchLabels: { app: 'blog' } };
  await sluice.request.post('/v1/applications/blog/tiers').send({ name: 'web', podSelector }).expect(201);
  const placement = sluice.request.put('/v1/environments/dev/placements/blog').set('if-none-match', '*');
  await placement.send({ namespace: 'blog' }).expect(201);
  await sluice.request.post('/v1/environments/dev/bundles').send({ message: 'the blog' }).expect(201);
  return sluice;
}
