import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { preAuthenticationEncoding } from '../../../src/domain/signing/dsse.js';
import { fixedKey } from '../../support/fixed-keys.js';
import { type Registry, verifyAttached, verifyImage, verifyTagged } from '../../support/oci-verifier.js';
import { deliver, type Delivery, deliveryCases } from './delivery-cases.js';

const RELEASE = 'https://sigstore.dev/cosign/sign/v1';
const PUBLICATION = 'https://sluice.dev/attestations/publication/v1';
const pem = (name: string): string => fixedKey(name).publicPem;

/** A registry that may have been tampered with: `instead` stands in for what is kept under a digest or a tag. */
function registryOf(delivery: Delivery, instead: Readonly<Record<string, Uint8Array>> = {}): Registry {
  const from = (kept: ReadonlyMap<string, Uint8Array>) => (name: string) =>
    Promise.resolve(instead[name] ?? kept.get(name));
  const referrers = () => Promise.resolve(instead['referrers'] ?? delivery.referrers);
  return { manifest: from(delivery.manifests), blob: from(delivery.blobs), referrers };
}

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/**
 * A forger who can write to the registry, but not sign: a part with `from` exchanged, and the digests and sizes of all that leads to it put
 * right.
 */
function forged(delivery: Delivery, part: string, from: string | RegExp, to: string): Record<string, Uint8Array> {
  const forgery: Record<string, Uint8Array> = {};
  const exchanged: (readonly [old: string, now: string])[] = [];
  for (const name of [part, `${part}-manifest`, 'signature-manifest', 'referrers']) {
    const kept = delivery.parts.get(name);
    if (kept === undefined) continue;
    const before = Buffer.from(kept.bytes).toString();
    const after = exchanged.reduce((text, [old, now]) => text.replaceAll(old, now), before);
    const bytes = Buffer.from(name === part ? after.replace(from, to) : after);
    if (name === part && bytes.equals(kept.bytes)) throw new Error(`${part} has no ${from}`);
    const digest = sha256(bytes);
    exchanged.push([kept.digest, digest], [`"size":${kept.bytes.length}`, `"size":${bytes.length}`]);
    forgery[name === 'referrers' ? name : digest] = bytes;
    if (name === 'signature-manifest') forgery[delivery.tag] = bytes;
  }
  return forgery;
}

describe.each(deliveryCases())('%s, by someone who knows only the formats', (name) => {
  const delivery = deliver(name);
  const { digest, input } = delivery;
  const registry = registryOf(delivery);

  test('the image is whole', async () => {
    const { manifest, tar } = await verifyImage(registry, digest);
    expect(manifest.artifactType).toBe('application/vnd.sluice.bundle.v1');
    expect(tar.toString()).toContain(input.publication.environment);
  });

  test.each(input.releaseKeys)('%s signs the release in both forms', async (key) => {
    const { critical, optional } = await verifyTagged(registry, digest, pem(key));
    expect(critical.identity['docker-reference']).toBe(input.repository);
    const { environment, version, contentDigest } = input.publication;
    expect(optional).toEqual({ environment, version: String(version), contentDigest });
    const statement = await verifyAttached(registry, digest, pem(key));
    expect(statement.predicateType).toBe(RELEASE);
    expect(statement.predicate).toEqual({});
  });

  test.each(input.attestationKeys)('%s signs how it came to be, and no release', async (key) => {
    const { predicate } = await verifyAttached(registry, digest, pem(key), PUBLICATION);
    const { proof, ...told } = input.publication;
    expect(predicate).toEqual({ ...told, proof: { equal: true, ...proof } });
    await expect(verifyTagged(registry, digest, pem(key))).rejects.toThrow('not of this key');
    await expect(verifyAttached(registry, digest, pem(key), RELEASE)).rejects.toThrow('not a https://sigstore.dev');
  });

  test('a release key has signed nothing but the release: a verifier would take any statement for one', async () => {
    for (const key of input.releaseKeys)
      await expect(verifyAttached(registry, digest, pem(key), PUBLICATION)).rejects.toThrow(/not of this key|not a /);
  });
});

describe('what is not as it was signed is refused, with the reason', () => {
  const delivery = deliver('one-key');
  const other = deliver('text-of-all-kinds');
  const { digest } = delivery;
  const key = pem('release');
  const tagged = (instead: Record<string, Uint8Array>, of = key) =>
    verifyTagged(registryOf(delivery, instead), digest, of);
  const attached = (instead: Record<string, Uint8Array>, of = key) =>
    verifyAttached(registryOf(delivery, instead), digest, of);

  test('the wrong key', async () => {
    const reason = 'the signature is not of this key over these bytes';
    await expect(tagged({}, pem('someone else'))).rejects.toThrow(reason);
    await expect(attached({}, pem('someone else'))).rejects.toThrow(reason);
    await expect(tagged({}, fixedKey('release', 'secp384r1').publicPem)).rejects.toThrow('not on P-256');
  });

  test('a payload that was tampered with, under its old digest', async () => {
    const payload = delivery.parts.get('signature-payload')!;
    const changed = Buffer.from(Buffer.from(payload.bytes).toString().replace('"42"', '"43"'));
    await expect(tagged({ [payload.digest]: changed })).rejects.toThrow(`what came for ${payload.digest} is`);
    const bundle = delivery.parts.get('bundle-1')!;
    await expect(attached({ [bundle.digest]: Buffer.from('{}') })).rejects.toThrow(`what came for ${bundle.digest} is`);
  });

  test('a payload that was tampered with, with every digest put right', async () => {
    const reason = 'the signature is not of this key over these bytes';
    await expect(tagged(forged(delivery, 'signature-payload', '"42"', '"43"'))).rejects.toThrow(reason);
    const { bytes } = delivery.parts.get('bundle-1-statement')!;
    const statement = Buffer.from(bytes).toString('base64');
    const changed = Buffer.from(Buffer.from(bytes).toString().replace('sluice/prod', 'sluice/prud')).toString('base64');
    await expect(attached(forged(delivery, 'bundle-1', statement, changed))).rejects.toThrow(reason);
  });

  test('a type that is not the one that was signed', async () => {
    const otherType = forged(delivery, 'bundle-1', 'application/vnd.in-toto+json', 'application/vnd.in-toto+jsom');
    await expect(attached(otherType)).rejects.toThrow('the envelope holds application/vnd.in-toto+jsom');
  });

  test('a signature that is no base64, or none at all', async () => {
    await expect(tagged(forged(delivery, 'signature-manifest', /signature":"../, 'signature":"  '))).rejects.toThrow(
      'this is not base64',
    );
    const none = Buffer.from('{"manifests":[]}');
    await expect(attached({ referrers: none })).rejects.toThrow('there is no signature');
    const nothing: Registry = { ...registryOf(delivery), manifest: () => Promise.resolve(undefined) };
    await expect(verifyTagged(nothing, digest, key)).rejects.toThrow(`there is no ${delivery.tag}`);
  });

  test('the signature of another manifest', async () => {
    const swapped = { [delivery.tag]: other.manifests.get(other.tag)! };
    const all = { ...Object.fromEntries(other.blobs), ...swapped };
    await expect(tagged(all)).rejects.toThrow(`the payload is about ${other.digest}, not ${digest}`);
    const lists = { ...Object.fromEntries([...other.manifests, ...other.blobs]), referrers: other.referrers };
    await expect(attached(lists)).rejects.toThrow(`the referrer is about ${other.digest}, not ${digest}`);
  });

  test('a referrer that names our manifest over a statement about another', async () => {
    const bundle = other.parts.get('bundle-1')!;
    const { bytes } = delivery.parts.get('bundle-1')!;
    const swap = forged(delivery, 'bundle-1', Buffer.from(bytes).toString(), Buffer.from(bundle.bytes).toString());
    await expect(attached(swap)).rejects.toThrow(`the statement is about ${other.digest}, not ${digest}`);
  });

  test('an image that is not what its manifest says', async () => {
    const layer = JSON.parse(Buffer.from(delivery.parts.get('manifest')!.bytes).toString()).layers[0].digest;
    const spoilt = registryOf(delivery, { [layer]: Buffer.from('spoilt') });
    await expect(verifyImage(spoilt, digest)).rejects.toThrow(`what came for ${layer} is`);
    const wrong = registryOf(delivery, { [digest]: other.manifests.get(other.digest)! });
    await expect(verifyImage(wrong, digest)).rejects.toThrow(`what came for ${digest} is ${other.digest}`);
  });
});

test('the verifier shares no code with what it judges', () => {
  const imported = [...readFileSync('test/support/oci-verifier.ts', 'utf8').matchAll(/from '([^']+)'/g)];
  expect(imported.map(([, module]) => module)).toEqual(['node:crypto', 'node:zlib']);
});

/** Programs that others wrote, where they are installed. */
function isThere(program: string): boolean {
  try {
    execFileSync(program, ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log(`skipped: ${program} is not on the PATH, so it could not be asked for its opinion`);
    return false;
  }
}

describe('other programs verify what is signed', () => {
  const delivery = deliver('one-key');
  const payload = delivery.parts.get('signature-payload')!.bytes;
  const manifest = JSON.parse(Buffer.from(delivery.parts.get('signature-manifest')!.bytes).toString());
  const { dsseEnvelope } = JSON.parse(Buffer.from(delivery.parts.get('bundle-1')!.bytes).toString());
  const statement = Buffer.from(dsseEnvelope.payload, 'base64');
  const forms: [string, Uint8Array, string][] = [
    ['simple signing', payload, manifest.layers[0].annotations['dev.cosignproject.cosign/signature']],
    ['DSSE', preAuthenticationEncoding(dsseEnvelope.payloadType, statement), dsseEnvelope.signatures[0].sig],
  ];

  test.skipIf(!isThere('openssl')).each(forms)('openssl: %s', (_, bytes, signature) => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-verify-'));
    const file = (name: string, content: string | Uint8Array) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    try {
      const [key, sig] = [file('key.pub', pem('release')), file('sig', Buffer.from(signature, 'base64'))];
      const ask = (data: Uint8Array) =>
        execFileSync('openssl', ['dgst', '-sha256', '-verify', key, '-signature', sig, file('data', data)], {
          encoding: 'utf8',
          stdio: 'pipe',
        });
      expect(ask(bytes)).toContain('Verified OK');
      expect(() => ask(Buffer.concat([bytes, Buffer.from(' ')]))).toThrow();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.skipIf(!isThere('cosign')).each(forms)('cosign: %s', (_, bytes, signature) => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-verify-'));
    try {
      for (const [name, content] of [
        ['key.pub', pem('release')],
        ['sig', signature],
        ['data', bytes],
      ] as const)
        writeFileSync(join(folder, name), content);
      const words = ['verify-blob', '--key', 'key.pub', '--signature', 'sig', '--insecure-ignore-tlog=true', 'data'];
      const ask = (...more: string[]) => execFileSync('cosign', [...words, ...more], { cwd: folder, stdio: 'pipe' });
      // Newer ones take a bare signature only when told so, older ones do not know the word.
      const verified = () => {
        try {
          return ask('--new-bundle-format=false');
        } catch {
          return ask();
        }
      };
      expect(verified).not.toThrow();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
