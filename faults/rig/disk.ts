import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { processesIn, signal } from './process-table.js';

const CHUNK = Buffer.alloc(1024 * 1024);

/** A folder on a disk of its own where one can be mounted (Linux, as root), so that it can be full without anything else being so. */
export class Disk {
  private constructor(
    readonly folder: string,
    /** Why it has no disk of its own. */
    readonly shared: string | undefined,
  ) {}

  static open(folder: string, megabytes: number): Disk {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
    const { status, stderr, error } = spawnSync('mount', [
      '-t',
      'tmpfs',
      '-o',
      `size=${megabytes}m,mode=755`,
      'sluice-faults',
      folder,
    ]);
    const why = error?.message ?? (String(stderr).trim() || `mount ended with ${status}`);
    return new Disk(folder, status === 0 ? undefined : why);
  }

  /** Leaves no byte free. */
  fill(): void {
    const file = openSync(this.ballast, 'w');
    try {
      for (;;) writeSync(file, CHUNK);
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.ballast, { force: true });
  }

  /** For the disk that is to be looked at: how much of it is free. */
  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  close(): void {
    if (this.shared === undefined) spawnSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get ballast(): string {
    return join(this.folder, 'ballast');
  }
}

/** Takes away what a run left that was killed itself: its name has the id of its process. */
export function removeLeftOvers(parent: string, prefix: string): void {
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : NaN;
    if (!(pid > 0) || existsSync(`/proc/${pid}`) || !existsSync('/proc/self')) continue;
    for (const left of processesIn(join(parent, name))) signal(left, 'SIGKILL');
    for (const disk of ['a', 'b']) spawnSync('umount', ['-l', join(parent, name, disk)]);
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}
