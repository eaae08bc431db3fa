import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import type { Signer } from '../../domain/signing/signer.js';
import type { PemBlock } from './pem.js';

/** A public key as others read it. */
export interface PublishedKey {
  /** Base64 of the SHA-256 of its SPKI DER: what a Sigstore bundle calls it. */
  readonly hint: string;
  /** The hint in letters that a path may hold. */
  readonly name: string;
  /** SPKI. */
  readonly pem: string;
  readonly x: string;
  readonly y: string;
}

/** A key that was given: one that signs where its private half is there. */
export interface Key {
  readonly published: PublishedKey;
  readonly signer: Signer | undefined;
}

const WANTED = 'use ECDSA P-256 in PEM, as `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256` makes it';
const PRIVATE = ['PRIVATE KEY', 'EC PRIVATE KEY'];

/** A new private key, as PEM. */
export function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/**
 * Reads a key.
 * @throws Error that says what the key is instead, without a word of what is in it.
 */
export function readKey({ label, text }: PemBlock): Key {
  if (/ENCRYPTED/.test(label) || /^Proc-Type:.*ENCRYPTED/m.test(text))
    throw new Error('is locked with a password: give it unlocked, as a secret of its own');
  if (PRIVATE.includes(label)) return signingKey(parsed(() => createPrivateKey(text)));
  if (label === 'PUBLIC KEY')
    return { published: publishedKey(parsed(() => createPublicKey(text))), signer: undefined };
  throw new Error(`is a ${label}: give a PRIVATE KEY, or a PUBLIC KEY that is published only`);
}

function signingKey(key: KeyObject): Key {
  const published = publishedKey(createPublicKey(key));
  const signer: Signer = { hint: published.hint, sign: (bytes) => sign('sha256', bytes, key) };
  const trial = Buffer.from('a trial');
  if (!verify('sha256', trial, published.pem, signer.sign(trial)))
    throw new Error(`has halves that do not belong together: ${WANTED}`);
  return { published, signer };
}

/** By way of JWK, which knows one spelling of a point and of a curve: the hint is over the bytes that cosign would write. */
function publishedKey(given: KeyObject): PublishedKey {
  holdCurve(given);
  const { x = '', y = '' } = given.export({ format: 'jwk' });
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const hash = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
  const pem = key.export({ type: 'spki', format: 'pem' }).toString();
  return { hint: hash.toString('base64'), name: hash.toString('base64url'), pem, x, y };
}

function holdCurve({ asymmetricKeyType: type, asymmetricKeyDetails }: KeyObject): void {
  if (type !== 'ec') throw new Error(`is a key for ${type}: ${WANTED}`);
  const curve = asymmetricKeyDetails?.namedCurve ?? 'a curve without a name';
  if (curve !== 'prime256v1') throw new Error(`is on ${curve}: ${WANTED}`);
}

function parsed(parse: () => KeyObject): KeyObject {
  try {
    return parse();
  } catch {
    throw new Error(`cannot be read: ${WANTED}`);
  }
}

/** Each key once, in the order given; where both halves of one were given apart, it signs. */
export function distinct(keys: readonly Key[]): Key[] {
  const known = new Map<string, Key>();
  for (const key of keys) {
    const { hint } = key.published;
    if (known.get(hint)?.signer === undefined) known.set(hint, key);
  }
  return [...known.values()];
}
