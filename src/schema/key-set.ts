import { z } from 'zod';

const jwk = z
  .object({
    kid: z
      .string()
      .meta({ description: 'Base64 of the SHA-256 of the key in SPKI DER: the hint of a Sigstore bundle' }),
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    use: z.literal('sig'),
    alg: z.literal('ES256'),
    x: z.string(),
    y: z.string(),
  })
  .meta({ id: 'PublicKey', description: 'A public key as JWK' });

export const keySetSchema = z
  .object({ keys: z.array(jwk) })
  .meta({ id: 'KeySet', description: 'Public keys as a JWK Set (RFC 7517)' });
