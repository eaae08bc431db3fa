import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What postmaster.pid says: https://www.postgresql.org/docs/18/storage-file-layout.html */
export interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly status: string;
}

/** Takes a cluster's folder, gives who runs it, or nothing where no server runs or its file is half written. */
export function readPidFile(cluster: string): PidFile | undefined {
  const lines = linesOf(join(cluster, 'postmaster.pid'));
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 ? { pid, port, status: (lines[7] ?? '').trim() } : undefined;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}
