import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { SluiceError } from '../errors.js';

/** A key that releases are verified with. */
export interface ReleaseKey {
  /** Base64 of the SHA-256 of its SPKI DER: how the server calls it, too. */
  readonly hint: string;
  /** SPKI, spelled as the server spells it. */
  readonly pem: string;
  readonly key: KeyObject;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^-]+-----END \1-----/g;
const WANTED = 'use ECDSA P-256 as PUBLIC KEY in PEM, as /.well-known/sluice/cosign.pub has it';

/**
 * The public keys of a text of PEM, each once. Refuses (invalid) a text without one, and keys of another kind: also private ones, as whoever
 * verifies should not have them.
 * @param name what to call the text where something is wrong with it
 * @example readPublicKeys(pem, 'cosign.pub')[0]?.hint // '6oQNAGw...='
 */
export function readPublicKeys(pem: string, name: string): ReleaseKey[] {
  const blocks = [...pem.matchAll(BLOCK)];
  if (blocks.length === 0) throw new SluiceError('invalid', `${name} has no key: ${WANTED}`);
  const keys = blocks.map(([text, label = '']) => readOne(text, label, name));
  return [...new Map(keys.map((key) => [key.hint, key])).values()];
}

function readOne(text: string, label: string, name: string): ReleaseKey {
  if (label !== 'PUBLIC KEY') throw new SluiceError('invalid', `${name} has a ${label}: ${WANTED}`);
  const given = parsed(text, name);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = given;
  if (type !== 'ec' || details?.namedCurve !== 'prime256v1')
    throw new SluiceError('invalid', `${name} has a key for ${details?.namedCurve ?? type ?? 'nothing'}: ${WANTED}`);
  // By way of JWK, which knows one spelling of a point: the hint is over the bytes that cosign would write.
  const { x = '', y = '' } = given.export({ format: 'jwk' });
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const der = key.export({ type: 'spki', format: 'der' });
  const hint = createHash('sha256').update(der).digest('base64');
  return { hint, pem: key.export({ type: 'spki', format: 'pem' }).toString(), key };
}

function parsed(text: string, name: string): KeyObject {
  try {
    return createPublicKey(text);
  } catch (error) {
    throw new SluiceError('invalid', `${name} has a key that cannot be read: ${WANTED}`, [], { cause: error });
  }
}
