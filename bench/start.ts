import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../src/store/embedded/postmaster.process.js';
import { limitLine, median } from './report.js';

const LATER_STARTS = 5;
/** What comes in after the first answer (the query engine, the rest of the demo) is counted too. */
const SETTLED_MS = 2_000;

interface Start {
  readonly seconds: number;
  readonly megabytes: number;
}

/**
 * `npm run bench -- start`: `npm start` with no DATABASE_URL in an empty data folder, then again in the same one. Seconds from the command to the
 * first 200 of `/readyz`; resident memory of the server process (PostgreSQL's processes are not in it), where the system tells it.
 */
export async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-bench-start-'));
  try {
    const first = await startOnce(dataDir);
    const later: Start[] = [];
    for (let round = 0; round < LATER_STARTS; round++) later.push(await startOnce(dataDir));
    console.log(limitLine('first start to first 200', first.seconds, 's', 8));
    console.log(limitLine('later start to first 200', median(later.map(({ seconds }) => seconds)), 's', 4));
    console.log(limitLine('memory after the first start', first.megabytes, 'MB', 220));
    console.log(limitLine('memory after a later start', median(later.map(({ megabytes }) => megabytes)), 'MB', 220));
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function startOnce(dataDir: string): Promise<Start> {
  const port = await freePort();
  const { DATABASE_URL: _, ...env } = process.env;
  const started = performance.now();
  const server = spawn(process.execPath, [fileURLToPath(new URL('../../tools/start.mjs', import.meta.url))], {
    env: { ...env, SLUICE_DATA_DIR: dataDir, PORT: String(port) },
    stdio: 'ignore',
  });
  try {
    while (!(await answers(`http://127.0.0.1:${port}/readyz`))) await wait(20);
    const seconds = (performance.now() - started) / 1000;
    await wait(SETTLED_MS);
    return { seconds, megabytes: residentMegabytes(server) };
  } finally {
    server.kill('SIGTERM');
    await once(server, 'exit');
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
