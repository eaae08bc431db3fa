import { appendFileSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyBase, type LogOfChanges } from '../../faults/rig/base-copy.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.launcher.js';
import { serviceAccount } from '../../src/store/embedded/service-account.lookup.js';

/** Takes a running server and an empty `dataDir`, and makes a base backup there that `startEmbeddedPostgres` starts. */
export function baseBackup(source: EmbeddedPostgres, dataDir: string): Promise<void> {
  return copy(source, dataDir, 'copied');
}

/** Starts a standby of a running server in an empty `dataDir`: it streams from it, and answers reads. */
export async function startStandby(source: EmbeddedPostgres, dataDir: string): Promise<EmbeddedPostgres> {
  await copy(source, dataDir, 'streamed');
  const { hostname, port, username, password } = new URL(source.url);
  const from = `host=${hostname} port=${port} user=${username} password=${password}`;
  appendFileSync(join(dataDir, 'cluster', 'postgresql.auto.conf'), `primary_conninfo = '${from}'\n`);
  writeFileSync(join(dataDir, 'cluster', 'standby.signal'), '');
  return startEmbeddedPostgres({ dataDir, durability: 'throw-away' });
}

async function copy({ url, home }: EmbeddedPostgres, dataDir: string, log: LogOfChanges): Promise<void> {
  const directory = join(home, 'cluster');
  const to = { directory: join(dataDir, 'cluster'), account: serviceAccount(directory) };
  await copyBase({ url, directory }, to, log);
  cpSync(join(home, 'password'), join(dataDir, 'password'));
}
