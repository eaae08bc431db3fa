import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { USER, type Cluster } from './cluster.initdb.js';
import { type PidFile, readPidFile } from './pid-file.reader.js';
import { isAlive, isWorkedIn, isZombie } from './process.table.js';

const PATIENCE_MS = 30_000;

/**
 * Stops the server that a killed Node left running on this cluster. A process id may by now be anyone's, so the server must first prove itself:
 * it answers on its port, knows the cluster's password and names the cluster's folder. Whatever else it is stays alone.
 */
export async function stopLeftOver(cluster: Cluster, log: (line: string) => void): Promise<void> {
  const left = readPidFile(cluster.directory);
  if (left === undefined || !isAlive(left.pid)) return;
  if (isZombie(left.pid)) return bury(cluster);
  if (!(await isServerOf(cluster, left.port))) return;
  log(`stopping the database server ${left.pid}, left over by a process that was killed`);
  process.kill(left.pid, 'SIGINT');
  if (await isGone(cluster, left)) return;
  process.kill(left.pid, 'SIGQUIT');
  await isGone(cluster, left);
}

/** PostgreSQL takes the zombie for a living server. Its file may go only when none of its children works on the cluster any more. */
async function bury(cluster: Cluster): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (isWorkedIn(cluster.directory)) {
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
