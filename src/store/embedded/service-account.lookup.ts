import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';

/** A user of the machine, as `spawn` takes it. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root. Takes the cluster's folder, gives who runs the server: its owner, else `postgres`, else `nobody`; nothing where we are not root. */
export function serviceAccount(cluster: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(cluster, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return accountNamed('postgres') ?? accountNamed('nobody') ?? { uid: 65534, gid: 65534 };
}

function accountNamed(name: string): Account | undefined {
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find((fields) => fields[0] === name);
  if (entry === undefined) return undefined;
  // macOS writes the uid of `nobody` as -2.
  return { uid: Number(entry[2]) >>> 0, gid: Number(entry[3]) >>> 0 };
}

/** Whether the account may enter a folder: asked by trying, which knows access lists and mounts too. Without an account it is our own folder. */
export function mayEnter(account: Account | undefined, folder: string): boolean {
  if (account === undefined) return true;
  const { status, error } = spawnSync('/bin/sh', ['-c', 'cd "$0" && test -r .', folder], { ...account, cwd: '/' });
  if (error !== undefined) {
    throw new Error(
      `cannot run a program as user ${account.uid} (${error.message}); PostgreSQL does not run as root: start Sluice as another user, or set DATABASE_URL`,
    );
  }
  return status === 0;
}
