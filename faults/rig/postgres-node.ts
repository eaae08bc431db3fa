import type { ChildProcess } from 'node:child_process';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { installBinaries, type Binaries } from '../../src/store/embedded/binaries.installer.js';
import { type Cluster as DataFolder, ensureCluster } from '../../src/store/embedded/cluster.initdb.js';
import { prepareHome } from '../../src/store/embedded/home.directory.js';
import { readPidFile } from '../../src/store/embedded/pid-file.reader.js';
import { freePort, hasEnded, type Launch, startPostmaster } from '../../src/store/embedded/postmaster.process.js';
import { serviceAccount } from '../../src/store/embedded/service-account.lookup.js';
import { childrenOf, processesIn, signal } from './process-table.js';

const DEAD_WITHIN_MS = 10_000;
const START_TRIES = 50;

/** Small, and quick to come back: a node is started some hundred times. */
const SETTINGS = [
  ...['shared_buffers = 32MB', 'max_wal_size = 128MB', 'min_wal_size = 32MB', 'wal_keep_size = 160MB'],
  ...['wal_retrieve_retry_interval = 100ms', 'wal_sender_timeout = 10s', 'wal_receiver_timeout = 10s'],
];

/** What a standby follows, and which standbys a commit waits for. */
export interface Role {
  readonly follows?: string;
  readonly waitsFor?: 'every standby';
}

/** One server of PostgreSQL, with a data folder and a port that stay the same whatever becomes of it. */
export class PostgresNode {
  private postmaster: ChildProcess | undefined;

  private constructor(
    readonly name: string,
    readonly home: string,
    readonly port: number,
    private readonly binaries: Binaries,
    readonly data: DataFolder,
  ) {}

  /** Makes its data folder: by initdb, or none yet where it is going to be a copy of another one's. */
  static async create(name: string, folder: string, copyOf?: PostgresNode): Promise<PostgresNode> {
    const account = serviceAccount(join(folder, 'cluster'));
    const home = prepareHome(folder, account, () => undefined);
    const binaries = installBinaries(account, home);
    const data = copyOf
      ? { ...copyOf.data, directory: join(home, 'cluster') }
      : await ensureCluster(home, account, binaries, 'durable');
    if (copyOf === undefined) appendFileSync(join(data.directory, 'postgresql.conf'), `${SETTINGS.join('\n')}\n`);
    return new PostgresNode(name, home, await freePort(), binaries, data);
  }

  get directory(): string {
    return this.data.directory;
  }

  urlOf(database: string): string {
    return `postgresql://sluice:${this.data.password}@127.0.0.1:${this.port}/${database}`;
  }

  get running(): boolean {
    return this.postmaster !== undefined && !hasEnded(this.postmaster);
  }

  /** Written for the next start, or for the next reload. */
  takeRole({ follows, waitsFor }: Role): void {
    const lines = [
      ...(follows === undefined ? [] : [`primary_conninfo = '${follows} application_name=${this.name}'`]),
      ...(waitsFor === undefined ? [] : [`synchronous_standby_names = '*'`]),
    ];
    writeFileSync(join(this.directory, 'postgresql.auto.conf'), `${lines.join('\n')}\n`);
    if (follows !== undefined) writeFileSync(join(this.directory, 'standby.signal'), '');
  }

  /** Gives itself once it takes connections. What killed processes still hold may be in the way for a moment. */
  async start(): Promise<void> {
    const logFile = join(this.home, 'postgres.log');
    const { data: cluster, port } = this;
    const launch: Launch = { program: this.binaries.postgres, cluster, port, durability: 'durable', logFile };
    for (let tries = 1; ; tries++) {
      try {
        this.postmaster = await startPostmaster(launch);
        return;
      } catch (error) {
        if (tries === START_TRIES) throw error;
        await wait(100);
      }
    }
  }

  /** SIGKILL to all of its processes at once: nothing of what is in their memory gets out. */
  async kill(): Promise<void> {
    const { directory } = this;
    const deadline = Date.now() + DEAD_WITHIN_MS;
    const postmaster = readPidFile(directory)?.pid;
    if (postmaster !== undefined) for (const pid of [...childrenOf(postmaster), postmaster]) signal(pid, 'SIGKILL');
    for (;;) {
      const left = processesIn(directory);
      for (const pid of left) signal(pid, 'SIGKILL');
      if (left.length === 0 && !this.running) break;
      if (Date.now() > deadline) throw new Error(`the processes of PostgreSQL in ${directory} do not die`);
      await wait(5);
    }
    rmSync(join(directory, 'postmaster.pid'), { force: true });
  }
}
