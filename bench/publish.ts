import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../src/store/embedded/embedded-postgres.launcher.js';
import { migrate } from '../src/store/migrate/migration.runner.js';
import { startBystander } from './bystander.js';
import { generateEstate } from './estate.js';
import { fillEstate } from './fill-estate.js';
import { limitLine, median } from './report.js';
import { type Server, startServer } from './server.js';

const HELD_MAX_MS = 50;
const MAKE_FLOW = { from: { tier: 'app-00000/service-00000' }, to: { tier: 'app-00001/service-00005' } };

const PROD = '/v1/environments/prod';
const QUESTION = 'reachability?from=app-00000/service-00000&to=app-00001/service-00005&port=7777';
/** All that reads a whole edition, each for the first time. */
const READS: readonly (readonly [name: string, path: string])[] = [
  ['preview', 'preview'],
  ['first question to the version', `${QUESTION}&version=latest`],
  ['first question to the draft', `${QUESTION}&version=draft`],
  ['all connections', 'connections?version=latest'],
  ['diff of the two versions', 'bundles/1/diff/2'],
  ['diff of the first version and the draft', 'bundles/1/diff/draft'],
  ['overview as text', 'bundles/latest/overview.txt'],
  ['overview as Mermaid', 'bundles/latest/overview.mmd'],
];
const WARM_QUESTIONS = 500;
/** On a busy machine the event loop waits for a processor too: what is not more than this is not the server's. */
const bystander = startBystander();

/**
 * `npm run bench -- publish [services flows]`: a server over an estate, first publish and one after a flow was added, and then whatever
 * else reads a whole edition, while someone else asks for a team again and again. What counts is whether others are held up: the event
 * loop's delay by its own histogram, and the slowest of the other requests.
 */
export async function main([services = '10000', flows = '100000']: string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-publish-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  const children: ChildProcess[] = [];
  try {
    await migrate(postgres.url, { log: () => undefined });
    await fillEstate(postgres.url, generateEstate({ services: Number(services), flows: Number(flows), seed: 1 }));
    const server = await startServer(folder, postgres.url, children);
    console.log(`${services} services, ${flows} flows`);
    await measure(server, 'first publish', () => call(server, 'POST', `${PROD}/bundles`, {}));
    await call(server, 'POST', '/v1/flows', {
      name: 'one-more',
      ...MAKE_FLOW,
      ports: [{ protocol: 'TCP', port: 7777 }],
    });
    await measure(server, 'publish of one flow more', () => call(server, 'POST', `${PROD}/bundles`, {}));
    for (const [name, path] of READS) await measure(server, name, () => call(server, 'GET', `${PROD}/${path}`));
    await warmQuestions(server, 'latest');
  } finally {
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map((child) => once(child, 'exit')));
    await bystander.end();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(server: Server, name: string, action: () => Promise<unknown>): Promise<void> {
  await Promise.all([lag(server), bystander.longest()]); // reading it begins a new histogram
  let going = true;
  let slowest = 0;
  let asked = 0;
  const others = async (): Promise<void> => {
    while (going) {
      const started = performance.now();
      await call(server, 'GET', '/v1/teams/team-00000');
      slowest = Math.max(slowest, performance.now() - started);
      asked++;
      await wait(5);
    }
  };
  const asking = others();
  const started = performance.now();
  await action();
  const seconds = (performance.now() - started) / 1000;
  going = false;
  await asking;
  const [{ max, p99 }, machine] = await Promise.all([lag(server), bystander.longest()]);
  console.log(
    `${name}: ${seconds.toFixed(1)} s; ${asked} other requests meanwhile, the slowest ${slowest.toFixed(0)} ms; memory ${(await memory(server)).toFixed(0)} MB`,
  );
  console.log(limitLine('  event loop held, 99 of 100', p99 * 1000, 'ms', HELD_MAX_MS));
  console.log(limitLine('  event loop held, longest', max * 1000, 'ms', HELD_MAX_MS));
  console.log(`  ${machine.toFixed(1)} ms: what the machine kept a thread waiting that does nothing`);
}

/** Questions to an edition that is ready, each with all that HTTP and the database add. */
async function warmQuestions(server: Server, version: string): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < WARM_QUESTIONS; n++) {
    const started = performance.now();
    await call(server, 'GET', `${PROD}/${QUESTION}&version=${version}`);
    times.push(performance.now() - started);
  }
  console.log(`a question to an edition that is ready, over HTTP: ${median(times).toFixed(1)} ms`);
}

async function lag(server: Server): Promise<{ readonly max: number; readonly p99: number }> {
  const text = await call(server, 'GET', '/metrics');
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return { max: value('nodejs_eventloop_lag_max_seconds'), p99: value('nodejs_eventloop_lag_p99_seconds') };
}

async function memory(server: Server): Promise<number> {
  const text = await call(server, 'GET', '/metrics');
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]) / 2 ** 20;
}

async function call({ url, token }: Server, method: string, path: string, body?: object): Promise<string> {
  const reply = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text.slice(0, 500)}`);
  return text;
}
