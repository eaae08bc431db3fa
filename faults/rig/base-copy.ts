import { chmod, chown, copyFile, mkdir, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { PostgresNode } from './postgres-node.js';

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

type Account = PostgresNode['data']['account'];

/**
 * Makes the data folder of `to` a copy of that of a running server, as pg_basebackup would (the binaries at hand have none): between pg_backup_start and
 * pg_backup_stop files may be copied while they change. https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
 */
export async function copyBase(from: PostgresNode, to: PostgresNode): Promise<void> {
  const client = new pg.Client({ connectionString: from.urlOf('postgres'), application_name: 'the harness copies' });
  client.on('error', () => undefined); // the statement under way tells it
  await client.connect();
  try {
    await client.query(`SELECT pg_backup_start('a new standby', true)`);
    await rm(to.directory, { recursive: true, force: true });
    await copyFolder(from.directory, to.directory, to.data.account, 'top');
    const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
    await own(join(to.directory, 'backup_label'), to.data.account, (file) =>
      writeFile(file, rows[0]!.labelfile, { mode: 0o600 }),
    );
    await own(join(to.directory, 'postgresql.auto.conf'), to.data.account, (file) =>
      writeFile(file, '', { mode: 0o600 }),
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function copyFolder(from: string, to: string, account: Account, level: 'top' | 'below'): Promise<void> {
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

async function emptyFolder(name: string, target: string, account: Account): Promise<void> {
  const folders = name === 'pg_wal' ? [target, join(target, 'archive_status'), join(target, 'summaries')] : [target];
  for (const folder of folders) await own(folder, account, (path) => mkdir(path, { mode: 0o700 }));
}

/** Tables are dropped while a copy is made. */
async function copyIfThere(source: string, target: string, account: Account): Promise<void> {
  try {
    await own(target, account, (file) => copyFile(source, file));
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
  }
}

async function own(path: string, account: Account, make: (path: string) => Promise<unknown>): Promise<void> {
  await make(path);
  if (account !== undefined) await chown(path, account.uid, account.gid);
}
