import { setTimeout as wait } from 'node:timers/promises';
import { startBystander } from './bystander.js';
import { call, metrics, withEstateServer } from './estate-server.js';
import { limitLine, median } from './report.js';
import type { Server } from './server.js';

const HELD_MAX_MS = 50;
const MAKE_FLOW = {
  ...{ name: 'one-more', from: { tier: 'app-00000/service-00000' }, to: { tier: 'app-00001/service-00005' } },
  ports: [{ protocol: 'TCP', port: 7777 }],
};

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
  ['plan of the first version, as a script', 'bundles/1/plan.sh'],
  ['plan from the first version to the second', 'bundles/2/plan?from=1'],
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
  try {
    await withEstateServer({ services: Number(services), flows: Number(flows) }, async ({ server }) => {
      console.log(`${services} services, ${flows} flows`);
      await measure(server, 'first publish', () => call(server, 'POST', `${PROD}/bundles`, {}));
      await call(server, 'POST', '/v1/flows', MAKE_FLOW);
      await measure(server, 'publish of one flow more', () => call(server, 'POST', `${PROD}/bundles`, {}));
      for (const [name, path] of READS) await measure(server, name, () => call(server, 'GET', `${PROD}/${path}`));
      await warmQuestions(server, 'latest');
    });
  } finally {
    await bystander.end();
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
    `${name}: ${seconds.toFixed(1)} s; ${asked} other requests meanwhile, the slowest ${slowest.toFixed(0)} ms; memory ${(((await metrics(server))['process_resident_memory_bytes'] ?? NaN) / 2 ** 20).toFixed(0)} MB`,
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
  const { nodejs_eventloop_lag_max_seconds: max = NaN, nodejs_eventloop_lag_p99_seconds: p99 = NaN } =
    await metrics(server);
  return { max, p99 };
}
