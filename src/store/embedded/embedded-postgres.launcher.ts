import { join } from 'node:path';
import { installBinaries } from './binaries.installer.js';
import { type Durability, ensureCluster, USER } from './cluster.initdb.js';
import { prepareHome } from './home.directory.js';
import { stopLeftOver } from './left-over.stop.js';
import { takeOwnership } from './owner.lock.js';
import { keepRunning } from './postmaster.keeper.js';
import { freePort } from './postmaster.process.js';
import { serviceAccount } from './service-account.lookup.js';

/** What to start: `dataDir` is made where it is missing; `durability` is `durable` where not said. */
export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  readonly durability?: Durability;
  readonly log?: (line: string) => void;
}

/** A running server of our own. Close what uses it first, then `stop` it. */
export interface EmbeddedPostgres {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Where the data really lies: `dataDir` may be a link to it. */
  readonly home: string;
  stop(): Promise<void>;
}

/**
 * Takes a data directory, gives a PostgreSQL that serves it on 127.0.0.1; makes the cluster on the first start. Refuses a directory that another
 * living process uses, and a machine that npm has no PostgreSQL for.
 * @example const { url, stop } = await startEmbeddedPostgres({ dataDir: '.sluice/postgres' });
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, durability = 'durable', log = () => undefined } = options;
  const account = serviceAccount(join(dataDir, 'cluster'));
  const home = prepareHome(dataDir, account, log);
  const release = await takeOwnership(home);
  try {
    const binaries = installBinaries(account, home);
    const cluster = await ensureCluster(home, account, binaries, durability);
    await stopLeftOver(cluster, log);
    const logFile = join(home, 'postgres.log');
    const launch = { program: binaries.postgres, cluster, port: await freePort(), durability, logFile };
    const stopServer = await keepRunning(launch, log);
    const stop = async (): Promise<void> => {
      await stopServer();
      release();
    };
    const url = `postgresql://${USER}:${cluster.password}@127.0.0.1:${launch.port}/postgres`;
    return { url, host: '127.0.0.1', port: launch.port, home, stop };
  } catch (error) {
    release();
    throw error;
  }
}
