import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../src/store/embedded/postmaster.process.js';
import { leastLine, limitLine, median } from './report.js';

const LATER_STARTS = 5;
/** What comes in after the first answer (the query engine, the rest of the demo) is counted too. */
const SETTLED_MS = 2_000;

/** What `npm start` runs, and the same program read module by module. */
const ENTRIES = { start: '../../tools/start.mjs', modules: '../main.js' } as const;

interface Start {
  readonly seconds: number;
  /** Of the server's own processor time until it answered. */
  readonly processorSeconds: number;
  readonly megabytes: number;
}

/**
 * `npm run bench -- start`: `npm start` with no DATABASE_URL in an empty data folder, then again in the same one. Seconds from the command to the
 * first 200 of `/readyz`; resident memory and processor time of the server process (PostgreSQL's processes are not in it), where the system tells them, the
 * latter beside that of a start which reads the modules of dist/ one by one, in turns.
 */
export async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-bench-start-'));
  try {
    const first = await startOnce(dataDir);
    const later: Start[] = [];
    const inModules: Start[] = [];
    for (let round = 0; round < LATER_STARTS; round++) {
      later.push(await startOnce(dataDir));
      inModules.push(await startOnce(dataDir, 'modules'));
    }
    console.log(limitLine('first start to first 200', first.seconds, 's', 8));
    console.log(limitLine('later start to first 200', median(later.map(({ seconds }) => seconds)), 's', 4));
    console.log(limitLine('memory after the first start', first.megabytes, 'MB', 220));
    console.log(limitLine('memory after a later start', median(later.map(({ megabytes }) => megabytes)), 'MB', 220));
    const [bundled, modules] = [later, inModules].map((starts) => median(starts.map((one) => one.processorSeconds)));
    console.log(`processor time of a start: ${bundled!.toFixed(2)} s, module by module ${modules!.toFixed(2)} s`);
    console.log(leastLine('start module by module / start, processor', modules! / bundled!, 'x', 1.5));
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function startOnce(dataDir: string, entry: keyof typeof ENTRIES = 'start'): Promise<Start> {
  const port = await freePort();
  const { DATABASE_URL: _, ...env } = process.env;
  const started = performance.now();
  const server = spawn(process.execPath, [fileURLToPath(new URL(ENTRIES[entry], import.meta.url))], {
    env: { ...env, SLUICE_DATA_DIR: dataDir, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'], // it says there why it ends
  });
  try {
    while (!(await answers(`http://127.0.0.1:${port}/readyz`))) {
      if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
      await wait(20);
    }
    const seconds = (performance.now() - started) / 1000;
    const processorSeconds = processorSecondsOf(server);
    await wait(SETTLED_MS);
    return { seconds, processorSeconds, megabytes: residentMegabytes(server) };
  } finally {
    if (server.exitCode === null && server.kill('SIGTERM')) await once(server, 'exit');
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ status }) => status === 200,
    () => false,
  );
}

function residentMegabytes({ pid }: ChildProcess): number {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return NaN;
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(file, 'utf8'))?.[1]) / 1024;
}

/** User and system time of all its threads: fields 14 and 15 of https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, in hundredths of a second. */
function processorSecondsOf({ pid }: ChildProcess): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return NaN;
  const afterName = readFileSync(file, 'utf8').split(') ').at(-1)!.split(' ');
  return (Number(afterName[11]) + Number(afterName[12])) / 100;
}
