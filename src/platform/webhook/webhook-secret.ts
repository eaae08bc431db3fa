import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import type { Signature } from '../../domain/model/webhook.js';

/** What a webhook signs with, and what its receiver is told. */
export interface WebhookSecret {
  /** To keep. */
  readonly bytes: Uint8Array;
  readonly secret?: string;
  readonly publicKey?: string;
}

/** The specification has 24 to 64 bytes. */
const SECRET_BYTES = 32;

/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8, and of a public one in SPKI (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_BYTES = 12;

/** A new one, each time another: `whsec_...` for both sides, or `whpk_...` for the receiver. */
export function newWebhookSecret(signature: Signature): WebhookSecret {
  if (signature === 'hmac') {
    const bytes = randomBytes(SECRET_BYTES);
    return { bytes, secret: `whsec_${bytes.toString('base64')}` };
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  const bytes = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(PKCS8.length);
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(SPKI_BYTES);
  return { bytes, publicKey: `whpk_${publicKey.toString('base64')}` };
}

/** What is signed of a delivery. */
export interface SignedParts {
  readonly id: string;
  /** Seconds since 1970, of the attempt. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * One entry of the header webhook-signature.
 * @example signatureOf('hmac', secret, { id: 'msg_1', timestamp: 1614265330, body: '{}' }) // 'v1,...'
 */
export function signatureOf(signature: Signature, bytes: Uint8Array, { id, timestamp, body }: SignedParts): string {
  const content = Buffer.from(`${id}.${timestamp}.${body}`);
  if (signature === 'hmac') return `v1,${createHmac('sha256', bytes).update(content).digest('base64')}`;
  return `v1a,${sign(null, content, privateKeyOf(bytes)).toString('base64')}`;
}

function privateKeyOf(bytes: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, bytes]), format: 'der', type: 'pkcs8' });
}
