import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FORM = /^slc_([0-9A-Za-z]{30})([0-9A-Za-z]{6})$/;

/** A new secret: `slc_`, 30 random base62 characters (178 bits), and 6 characters of their CRC32, so that scanners and typos are told at sight. */
export function newSecret(): string {
  const body = Array.from({ length: 30 }, randomCharacter).join('');
  return `slc_${body}${checksum(body)}`;
}

/** True where the form and the checksum hold: asked before any query. */
export function isWellFormed(secret: string): boolean {
  const match = FORM.exec(secret);
  return match !== null && checksum(match[1] ?? '') === match[2];
}

/** What is stored. The secret has 178 random bits, so a fast hash is enough. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret);
}

function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let i = 0; i < 6; i++) {
    text = ALPHABET[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/** Without bias: bytes past the last whole multiple of 62 are thrown away. */
function randomCharacter(): string {
  for (;;) {
    const byte = randomBytes(1)[0] ?? 255;
    if (byte < 248) return ALPHABET[byte % 62] ?? '';
  }
}
