import { readKey } from '../../src/platform/keys/key.js';
import { SigningKeys } from '../../src/platform/keys/signing-keys.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { fixedKey } from '../support/fixed-keys.js';
import { loadShop } from '../support/shop.js';

export const [release, stranger] = [fixedKey('release'), fixedKey('stranger')];

function ringOf({ privatePem }: { readonly privatePem: string }) {
  const { signer, published } = readKey({ label: 'PRIVATE KEY', text: privatePem });
  return { signers: signer === undefined ? [] : [signer], published: [published] };
}

/** A signing server with two versions of dev: the shop alone, then a blog in a namespace of its own beside it. */
export async function startPublished(): Promise<TestApp> {
  const keys = new SigningKeys(ringOf(release), ringOf(fixedKey('attestation')));
  const sluice = await startTestApp({ keys });
  await loadShop(sluice.app);
  await sluice.request.post('/v1/applications').send({ name: 'blog', team: 'demo' }).expect(201);
  const podSelector = { matchLabels: { app: 'blog' } };
  await sluice.request.post('/v1/applications/blog/tiers').send({ name: 'web', podSelector }).expect(201);
  const placement = sluice.request.put('/v1/environments/dev/placements/blog').set('if-none-match', '*');
  await placement.send({ namespace: 'blog' }).expect(201);
  await sluice.request.post('/v1/environments/dev/bundles').send({ message: 'the blog' }).expect(201);
  return sluice;
}
