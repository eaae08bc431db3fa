import { appendFileSync, chownSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.launcher.js';
import { type Account, serviceAccount } from '../../src/store/embedded/service-account.lookup.js';

/** What a running server keeps in its folder for itself; the log of changes is copied last, when all that the backup needs is in it. */
const LEFT_OUT = ['postmaster.pid', 'postmaster.opts', 'pg_replslot', 'pg_wal'];

/**
 * Takes a running server and an empty `dataDir`, and makes a base backup there that `startEmbeddedPostgres` starts: what pg_basebackup does, with what comes
 * along. https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
 */
export async function baseBackup(source: EmbeddedPostgres, dataDir: string): Promise<void> {
  const [from, to] = [join(source.home, 'cluster'), join(dataDir, 'cluster')];
  const client = new pg.Client({ connectionString: source.url });
  await client.connect();
  try {
    // As long as this connection lives, the server keeps the log of changes from here on.
    await client.query(`SELECT pg_create_physical_replication_slot('backup', true, true)`);
    await client.query(`SELECT pg_backup_start('backup', true)`);
    copy(from, to, (name) => !LEFT_OUT.includes(name));
    const { rows } = await client.query<{ labelfile: string }>(`SELECT labelfile FROM pg_backup_stop()`);
    for (const folder of ['pg_wal', 'pg_replslot']) mkdirSync(join(to, folder), { mode: 0o700 });
    copy(join(from, 'pg_wal'), join(to, 'pg_wal'));
    writeFileSync(join(to, 'backup_label'), rows[0]?.labelfile ?? '');
  } finally {
    await client.end();
  }
  cpSync(join(source.home, 'password'), join(dataDir, 'password'));
  const account = serviceAccount(from);
  if (account !== undefined) give(to, account);
}

/** Starts a standby of a running server in an empty `dataDir`: it streams from it, and answers reads. */
export async function startStandby(source: EmbeddedPostgres, dataDir: string): Promise<EmbeddedPostgres> {
  await baseBackup(source, dataDir);
  const { hostname, port, username, password } = new URL(source.url);
  const from = `host=${hostname} port=${port} user=${username} password=${password}`;
  appendFileSync(join(dataDir, 'cluster', 'postgresql.auto.conf'), `primary_conninfo = '${from}'\n`);
  writeFileSync(join(dataDir, 'cluster', 'standby.signal'), '');
  return startEmbeddedPostgres({ dataDir, durability: 'throw-away' });
}

/** Files may go while they are copied: those of a table that is dropped, for one. The log of changes says so, too. */
function copy(from: string, to: string, wanted: (name: string) => boolean = () => true): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (!wanted(entry.name)) continue;
    try {
      if (entry.isDirectory()) copy(join(from, entry.name), join(to, entry.name));
      else cpSync(join(from, entry.name), join(to, basename(entry.name)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      rmSync(join(to, entry.name), { recursive: true, force: true });
    }
  }
}

function give(path: string, account: Account): void {
  chownSync(path, account.uid, account.gid);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) give(inner, account);
    else chownSync(inner, account.uid, account.gid);
  }
}
