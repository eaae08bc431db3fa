import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * The text of the key in `file`, readable by its owner only; makes one where there is none. It appears whole or not at all, and the first one
 * stays: of two processes that start at once, both end with the same key. What is there is never replaced, also where it cannot be read:
 * versions were signed with it.
 */
export function keptKey(file: string, newKey: () => string): string {
  if (!existsSync(file)) make(file, newKey());
  return readFileSync(file, 'utf8');
}

function make(file: string, text: string): void {
  const folder = dirname(file);
  if (!existsSync(dirname(folder))) mkdirSync(dirname(folder), { recursive: true });
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  writeDraft(draft, text);
  try {
    // Unlike a rename, a link does not take the place of what another process has put there.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  syncFolder(folder);
}

function writeDraft(draft: string, text: string): void {
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A key that a power cut takes back would leave versions that nobody can verify. Windows opens no folders, and needs none of this. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const opened = openSync(folder, 'r');
  fsyncSync(opened);
  closeSync(opened);
}
