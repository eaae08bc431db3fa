import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** Whether a process has this id, be it ours or another user's; a zombie has one too. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether a process is dead and only not yet collected by its parent. In a container whose first process is no init, that lasts. Linux only. */
export function isZombie(pid: number): boolean {
  return (
    readOrEmpty(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
      .split(') ')
      .at(-1)
      ?.startsWith('Z') === true
  );
}

/**
 * Whether any process has this folder as its working directory, as every process of a server has its cluster's. Where the system has no table of
 * working directories (all but Linux), it is taken to be so while the process `pid` lives.
 */
export function isWorkedIn(folder: string, pid: number): boolean {
  if (process.platform !== 'linux') return isAlive(pid);
  return readdirSync('/proc').some(
    (entry) => /^\d+$/.test(entry) && readOrEmpty(() => readlinkSync(`/proc/${entry}/cwd`)) === folder,
  );
}

/** Processes come and go while the table is read. */
function readOrEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
