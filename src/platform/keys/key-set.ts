import type { PublishedKey } from './key.js';

/**
 * Keys as a JWK Set (RFC 7517), each by its hint. `alg` says which signatures it makes; those in a registry are in DER, not in the form of JWS.
 * @example keySet(keys.release.published).keys[0].kid
 */
export function keySet(keys: readonly PublishedKey[]): object {
  const fixed = { kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256' };
  return { keys: keys.map(({ hint, x, y }) => ({ kid: hint, ...fixed, x, y })) };
}
