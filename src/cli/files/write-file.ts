import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A name beside another that nobody else has. */
export function besideName(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}`;
}

/** Writes a new file, on the disk when this is over. Refuses (throws) where there is one. */
export function writeNew(path: string, bytes: Uint8Array | string, mode = 0o644): void {
  const file = openSync(path, 'wx', mode);
  try {
    const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    for (let at = 0; at < all.length;) at += writeSync(file, all, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Puts a file in the place of another, or where there is none: whoever reads it sees the one or the other, whole. */
export function replaceFile(path: string, text: string, mode: number): void {
  const fresh = besideName(path);
  try {
    writeNew(fresh, text, mode);
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** That names came, went or changed in a folder is on the disk, where the system can say so. */
export function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r');
    fsyncSync(folder);
    closeSync(folder);
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
