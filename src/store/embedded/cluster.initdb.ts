import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.installer.js';
import { asAccount, explained } from './program.spawn.js';
import type { Account } from './service-account.lookup.js';

/** `throw-away` gives up what a crash would lose, for tests. */
export type Durability = 'durable' | 'throw-away';

/** What a cluster needs to be started: where it lies, who runs it, and the password of its one user. */
export interface Cluster {
  readonly directory: string;
  readonly account: Account | undefined;
  readonly password: string;
}

/** The one database user of an embedded cluster. */
export const USER = 'sluice';

/** Gives the cluster in `home`, made by initdb where there is none; refuses one that another user's process owns. */
export async function ensureCluster(
  home: string,
  account: Account | undefined,
  binaries: Binaries,
  durability: Durability,
): Promise<Cluster> {
  const directory = join(home, 'cluster');
  removeUnfinished(home);
  if (!existsSync(directory)) await createCluster(home, directory, account, binaries, durability);
  const owner = statSync(directory).uid;
  if (account === undefined && process.getuid !== undefined && owner !== process.getuid()) {
    throw new Error(
      `${directory} belongs to user ${owner}, this process runs as user ${process.getuid()}: start Sluice as root or as that user, or set another SLUICE_DATA_DIR`,
    );
  }
  return { directory, account, password: readFileSync(passwordFile(home), 'utf8') };
}

/** initdb works in a folder of its own, which gets the name `cluster` when all is done: a death halfway leaves nothing that looks whole. */
async function createCluster(
  home: string,
  directory: string,
  account: Account | undefined,
  binaries: Binaries,
  durability: Durability,
): Promise<void> {
  const draft = mkdtempSync(join(home, 'unfinished-'));
  const password = randomBytes(24).toString('base64url');
  const handedOver = join(draft, 'password');
  const data = join(draft, 'data');
  writeFileSync(handedOver, password, { mode: 0o600 });
  if (account !== undefined) for (const path of [draft, handedOver]) chownSync(path, account.uid, account.gid);
  await initdb(binaries, account, [
    ...['-D', data, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${handedOver}`],
    ...['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ...['--no-instructions', ...(durability === 'durable' ? [] : ['--no-sync'])],
  ]);
  writeFileSync(passwordFile(home), password, { mode: 0o600 });
  renameSync(data, directory);
  rmSync(draft, { recursive: true });
}

async function initdb(binaries: Binaries, account: Account | undefined, words: string[]): Promise<void> {
  try {
    await promisify(execFile)(binaries.initdb, words, asAccount(account));
  } catch (error) {
    throw explained('initdb', error);
  }
}

function removeUnfinished(home: string): void {
  for (const name of readdirSync(home)) {
    if (name.startsWith('unfinished-')) rmSync(join(home, name), { recursive: true, force: true });
  }
}

function passwordFile(home: string): string {
  return join(home, 'password');
}
