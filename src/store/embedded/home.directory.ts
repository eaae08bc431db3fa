import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmdirSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Account, mayEnter } from './service-account.lookup.js';

/** Where a cluster goes when root's data directory lies in a folder that no other user may enter (root's home, mode 0700). */
const ELSEWHERE = '/var/lib/sluice';

/** Takes the wanted data directory, makes it where it is missing, and gives its real path: one that the server's account can reach. */
export function prepareHome(dataDir: string, account: Account | undefined, log: (line: string) => void): string {
  const wanted = resolve(dataDir);
  makeEnterable(wanted);
  const real = realpathSync(wanted); // behind the link of an earlier start
  return mayEnter(account, real) ? real : moveElsewhere(wanted, log);
}

/** A umask of 077 would lock out the server's account: every folder made here is opened for passing through, none that was there before. */
function makeEnterable(folder: string): void {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) chmodSync(made, 0o755);
}

/** The data directory becomes a link, so that removing it still means starting anew. */
function moveElsewhere(wanted: string, log: (line: string) => void): string {
  if (readdirSync(wanted).length > 0) {
    throw new Error(
      `${wanted} lies in a folder that only root may enter, and PostgreSQL does not run as root: set SLUICE_DATA_DIR to a folder that others may enter, or set DATABASE_URL`,
    );
  }
  makeEnterable(ELSEWHERE);
  const real = mkdtempSync(join(ELSEWHERE, `${basename(wanted)}-`));
  chmodSync(real, 0o755);
  rmdirSync(wanted);
  symlinkSync(real, wanted);
  log(`${wanted} cannot be entered by the database's user; the database lies in ${real}`);
  return real;
}
