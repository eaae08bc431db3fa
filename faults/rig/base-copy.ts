import { chmod, chown, copyFile, mkdir, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Account } from '../../src/store/embedded/service-account.lookup.js';

/** What a server makes anew when it starts, or gets from the server that it follows. */
const LEFT_OUT = new Set([
  ...['postmaster.pid', 'postmaster.opts', 'backup_label', 'standby.signal', 'postgresql.auto.conf'],
]);
const EMPTY = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);

/** A running server, and where its data lies. */
export interface CopiedServer {
  readonly url: string;
  readonly directory: string;
}

/** Where the copy goes, and who is going to run it. */
export interface CopiedTo {
  readonly directory: string;
  readonly account: Account | undefined;
}

/** A standby streams the log of changes from the server; a copy that is to stand alone has what it needs of it. */
export type LogOfChanges = 'streamed' | 'copied';

/**
 * Makes a folder a copy of the data folder of a running server, as pg_basebackup would (the binaries at hand have none): between pg_backup_start and
 * pg_backup_stop files may be copied while they change. https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
 */
export async function copyBase(from: CopiedServer, to: CopiedTo, log: LogOfChanges): Promise<void> {
  const { account } = to;
  const client = new pg.Client({ connectionString: from.url, application_name: 'the harness copies' });
  client.on('error', () => undefined); // the statement under way tells it
  await client.connect();
  try {
    // As long as this connection lives, the server keeps the log of changes from here on.
    if (log === 'copied') await client.query(`SELECT pg_create_physical_replication_slot('copy', true, true)`);
    await client.query(`SELECT pg_backup_start('a copy', true)`);
    await rm(to.directory, { recursive: true, force: true });
    await copyFolder(from.directory, to.directory, account, 'top');
    const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
    if (log === 'copied') await copyLog(join(from.directory, 'pg_wal'), join(to.directory, 'pg_wal'), account);
    for (const [name, text] of [
      ['backup_label', rows[0]!.labelfile],
      ['postgresql.auto.conf', ''],
    ] as const)
      await own(join(to.directory, name), account, (file) => writeFile(file, text, { mode: 0o600 }));
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** After the rest: by then all that the copy needs is in it. */
async function copyLog(from: string, to: string, account: Account | undefined): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true }))
    if (entry.isFile()) await copyIfThere(join(from, entry.name), join(to, entry.name), account);
}

async function copyFolder(
  from: string,
  to: string,
  account: Account | undefined,
  level: 'top' | 'below',
): Promise<void> {
  await own(to, account, (folder) => mkdir(folder, { mode: 0o700 }));
  await chmod(to, 0o700); // whatever the umask is
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (level === 'top' && LEFT_OUT.has(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (level === 'top' && EMPTY.has(entry.name)) await emptyFolder(entry.name, target, account);
    else if (entry.isDirectory()) await copyFolder(source, target, account, 'below');
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await copyIfThere(source, target, account);
  }
}

async function emptyFolder(name: string, target: string, account: Account | undefined): Promise<void> {
  const folders = name === 'pg_wal' ? [target, join(target, 'archive_status'), join(target, 'summaries')] : [target];
  for (const folder of folders) await own(folder, account, (path) => mkdir(path, { mode: 0o700 }));
}

/** Tables are dropped while a copy is made. */
async function copyIfThere(source: string, target: string, account: Account | undefined): Promise<void> {
  try {
    await own(target, account, (file) => copyFile(source, file));
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
  }
}

async function own(
  path: string,
  account: Account | undefined,
  make: (path: string) => Promise<unknown>,
): Promise<void> {
  await make(path);
  if (account !== undefined) await chown(path, account.uid, account.gid);
}
