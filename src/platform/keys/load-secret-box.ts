import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.js';
import { keptKey } from './kept-key.js';
import { SecretBox } from './secret-box.js';

const SETTING = 'SLUICE_WEBHOOK_KEYS';
const BASE64 = /^[A-Za-z0-9+/]{43}=$/;
const WANTED = 'use base64 of 32 bytes, as `openssl rand -base64 32` makes it';

/**
 * What the secrets of webhooks are sealed with: keys that are given, or one that is kept in the data folder where keys are made there, or none.
 * @throws Error in one line that names the setting, and never what is in a key.
 */
export function loadSecretBox({ webhooks, keys, dataDir }: Pick<Config, 'webhooks' | 'keys' | 'dataDir'>): SecretBox {
  if (webhooks.keys !== undefined)
    return new SecretBox(webhooks.keys.split(',').map((entry, n) => given(entry.trim(), n)));
  if (!keys.generate) return new SecretBox([]);
  const file = join(dataDir, 'keys', 'webhooks.key');
  return new SecretBox([readKey(`the key in ${file} (SLUICE_DATA_DIR)`, () => keptKey(file, newKey))]);
}

function newKey(): string {
  return `${randomBytes(32).toString('base64')}\n`;
}

function given(entry: string, index: number): Uint8Array {
  const name = `${SETTING}, entry ${index + 1},`;
  return readKey(name, () => (BASE64.test(entry) ? entry : readFileSync(entry, 'utf8')));
}

function readKey(name: string, read: () => string): Uint8Array {
  const text = attempt(name, read).trim();
  if (!BASE64.test(text)) throw new Error(`${name} is no key: ${WANTED}`);
  return Buffer.from(text, 'base64');
}

function attempt(name: string, read: () => string): string {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${name} cannot be read: ${code ?? 'unknown'}`, { cause: error });
  }
}
