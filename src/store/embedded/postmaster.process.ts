import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Cluster, Durability } from './cluster.initdb.js';
import { readPidFile } from './pid-file.reader.js';
import { asAccount, explained } from './program.spawn.js';

/** How a server is started: the same again after it died. */
export interface Launch {
  readonly program: string;
  readonly cluster: Cluster;
  readonly port: number;
  readonly durability: Durability;
  readonly logFile: string;
}

const SETTINGS: Readonly<Record<Durability, readonly string[]>> = {
  durable: ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on'],
  'throw-away': ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off', 'max_wal_size=4GB'],
};

/** Recovery after a crash comes before the first connection, so this is not short. */
const READY_WITHIN_MS = 120_000;
const STOPPED_WITHIN_MS = 20_000;

/** Gives a port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the server and gives it when it accepts connections; refuses with the end of its log when it ends before. */
export async function startPostmaster(launch: Launch): Promise<ChildProcess> {
  const postmaster = spawnPostmaster(launch);
  let failure: Error | undefined;
  postmaster.once('error', (error) => (failure = explained('postgres', error)));
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!isReady(launch.cluster.directory, postmaster.pid)) {
    if (failure !== undefined) throw failure;
    if (hasEnded(postmaster))
      throw new Error(`the embedded PostgreSQL ended while starting:\n${endOf(launch.logFile)}`);
    if (Date.now() > deadline)
      throw new Error(`the embedded PostgreSQL was not ready after ${READY_WITHIN_MS} ms:\n${endOf(launch.logFile)}`);
    await wait(10);
  }
  return postmaster;
}

/** Own session: Ctrl-C in a terminal reaches us alone, and the server stops after the application. Own log file: no pipe that breaks when we die. */
function spawnPostmaster({ program, cluster, port, durability, logFile }: Launch): ChildProcess {
  const settings = [
    ...['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'max_connections=200'],
    ...['timezone=UTC', 'log_timezone=UTC', 'log_checkpoints=off', 'logging_collector=off', 'log_destination=stderr'],
    ...SETTINGS[durability],
  ];
  const log = openSync(logFile, 'w', 0o600);
  try {
    const words = ['-D', cluster.directory, ...settings.flatMap((setting) => ['-c', setting])];
    const postmaster = spawn(program, words, {
      ...asAccount(cluster.account),
      detached: true,
      stdio: ['ignore', log, log],
    });
    postmaster.unref();
    return postmaster;
  } finally {
    closeSync(log);
  }
}

/** Stops the server: open transactions are rolled back, what was committed is on disk. */
export async function stopPostmaster(postmaster: ChildProcess): Promise<void> {
  if (hasEnded(postmaster)) return;
  postmaster.ref();
  const ended = once(postmaster, 'exit');
  postmaster.kill('SIGINT');
  const late = setTimeout(() => postmaster.kill('SIGQUIT'), STOPPED_WITHIN_MS);
  await ended;
  clearTimeout(late);
}

/** Whether a child process has ended, by itself or by a signal. */
export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** As a primary, or as a standby that answers reads: what its folder says it is. */
function isReady(cluster: string, pid: number | undefined): boolean {
  const file = readPidFile(cluster);
  return file !== undefined && file.pid === pid && ['ready', 'standby'].includes(file.status);
}

function endOf(logFile: string): string {
  return readFileSync(logFile, 'utf8').trim().split('\n').slice(-8).join('\n');
}
