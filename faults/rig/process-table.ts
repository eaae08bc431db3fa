import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * The processes that work in `folder` or below it, as every process of a PostgreSQL server does in its data folder. Nothing where the system has no such
 * table.
 */
export function processesIn(folder: string): number[] {
  if (!existsSync('/proc/self/cwd')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && `${workingDirectory(name)}/`.startsWith(`${folder}/`))
    .map(Number);
}

/** The processes that one has started, as far as the system tells it: quicker than looking at all there are. */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Sends a signal to a process that may be gone already. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It was quicker.
  }
}

function workingDirectory(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}
