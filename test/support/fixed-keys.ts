import { createECDH, createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { Signer } from '../../src/domain/signing/signer.js';

/** A key pair that is the same in every run, and worth nothing: its private number is the hash of its name. */
export interface FixedKey {
  readonly privatePem: string;
  readonly publicPem: string;
  readonly signer: Signer;
}

/** @example fixedKey('release').signer.hint // always the same */
export function fixedKey(name: string, curve: 'prime256v1' | 'secp384r1' = 'prime256v1'): FixedKey {
  const point = createECDH(curve);
  const algorithm = curve === 'prime256v1' ? 'sha256' : 'sha384';
  point.setPrivateKey(createHash(algorithm).update(`a test key of Sluice: ${name}`).digest());
  const bytes = point.getPublicKey();
  const half = (bytes.length - 1) / 2;
  const jwk = {
    kty: 'EC',
    crv: curve === 'prime256v1' ? 'P-256' : 'P-384',
    x: bytes.subarray(1, 1 + half).toString('base64url'),
    y: bytes.subarray(1 + half).toString('base64url'),
    d: point.getPrivateKey().toString('base64url'),
  };
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  const spki = createPublicKey(key);
  const hint = createHash('sha256')
    .update(spki.export({ type: 'spki', format: 'der' }))
    .digest('base64');
  return {
    privatePem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: spki.export({ type: 'spki', format: 'pem' }).toString(),
    signer: { hint, sign: (data) => sign('sha256', data, key) },
  };
}
