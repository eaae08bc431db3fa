import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { USER, type Cluster } from './cluster.initdb.js';
import { type PidFile, readPidFile } from './pid-file.reader.js';
import { isAlive, isWorkedIn, isZombie } from './process.table.js';

const PATIENCE_MS = 30_000;
const DEATH_TAKES_MS = 10_000;

/**
 * Stops the server that a killed Node left running on this cluster, and clears away the file of one that was killed too. A process id may by now be
 * anyone's, so the server must first prove itself: it answers on its port, knows the cluster's password and names the cluster's folder. Whatever else
 * it is stays alone.
 */
export async function stopLeftOver(cluster: Cluster, log: (line: string) => void): Promise<void> {
  const left = readPidFile(cluster.directory);
  if (left === undefined) return;
  if (!isAlive(left.pid) || isZombie(left.pid) || !(await isServerOf(cluster, left.port))) return bury(cluster, left);
  log(`stopping the database server ${left.pid}, left over by a process that was killed`);
  process.kill(left.pid, 'SIGINT');
  if (await isGone(cluster, left)) return;
  process.kill(left.pid, 'SIGQUIT');
  await isGone(cluster, left);
}

/**
 * PostgreSQL takes whatever has the id in the file for a living server: a zombie, a process that is just being killed, a stranger. The file may go
 * when none of the server's processes works on the cluster any more; while one does, it stays and the new server refuses to start.
 */
async function bury(cluster: Cluster, left: PidFile): Promise<void> {
  const deadline = Date.now() + DEATH_TAKES_MS;
  while (isWorkedIn(cluster.directory, left.pid)) {
    if (Date.now() > deadline) return;
    await wait(20);
  }
  rmSync(join(cluster.directory, 'postmaster.pid'), { force: true });
}

/** Asks again while the server says that it is starting or stopping (57P03). */
async function isServerOf(cluster: Cluster, port: number): Promise<boolean> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: USER,
      password: cluster.password,
      database: 'postgres',
      connectionTimeoutMillis: PATIENCE_MS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`);
      return resolve(rows[0]?.folder ?? '') === resolve(cluster.directory);
    } catch (error) {
      const busy = error instanceof Error && 'code' in error && error.code === '57P03';
      if (!busy || Date.now() > deadline) return false;
      await wait(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** The file goes last in a shutdown; in a container without an init process the ended server may stay a zombie, which looks alive. */
async function isGone(cluster: Cluster, left: PidFile): Promise<boolean> {
  const deadline = Date.now() + PATIENCE_MS;
  while (isAlive(left.pid) && readPidFile(cluster.directory)?.pid === left.pid) {
    if (Date.now() > deadline) return false;
    await wait(20);
  }
  return true;
}
