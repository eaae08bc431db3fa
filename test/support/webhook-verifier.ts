import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';

/**
 * A receiver's side of the Standard Webhooks specification, written from its text (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 * It takes nothing from src/: sharing code with what it judges it would share its mistakes.
 */

/** How far the clock of a sender may be away, in seconds. */
const TOLERANCE = 300;

/** The header of an Ed25519 public key in SPKI (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

export interface Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/**
 * Gives the payload of a message that one of its signatures proves; `key` is `whsec_...` or `whpk_...`.
 * @throws where none does, or where it is too old or from the future
 */
export function verifyWebhook(key: string, { headers, body }: Received, now: Date): any {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(
    (name) => headers[name],
  );
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string')
    throw new Error('a header is missing');
  if (!/^[0-9]+$/.test(timestamp)) throw new Error(`${timestamp} is no timestamp`);
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > TOLERANCE)
    throw new Error(`${timestamp} is out of tolerance`);
  const content = Buffer.from(`${id}.${timestamp}.${body}`, 'utf8');
  for (const entry of signatures.split(' ')) {
    const comma = entry.indexOf(',');
    if (holds(key, entry.slice(0, comma), Buffer.from(entry.slice(comma + 1), 'base64'), content))
      return JSON.parse(body);
  }
  throw new Error('no signature is of this key over these bytes');
}

function holds(key: string, version: string, signature: Buffer, content: Buffer): boolean {
  const [, prefix, text = ''] = /^(whsec_|whpk_)(.*)$/.exec(key) ?? [];
  const bytes = Buffer.from(text, 'base64');
  if (prefix === 'whsec_' && version === 'v1') {
    if (bytes.length < 24 || bytes.length > 64) throw new Error(`a secret of ${bytes.length} bytes`);
    const expected = createHmac('sha256', bytes).update(content).digest();
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  }
  if (prefix !== 'whpk_' || version !== 'v1a') return false;
  return verify(
    null,
    content,
    createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: 'der', type: 'spki' }),
    signature,
  );
}
