import { spawnSync } from 'node:child_process';
import { call, type EstateServer } from '../estate-server.js';
import { held } from '../held.js';
import { limitLine, median } from '../report.js';
import type { Loaded } from './clients.js';
import { megabytes, pause, tell, withClients } from './running.js';
import type { SlowOrder, SlowState } from './slow-clients.js';

const SLOW_CLIENTS = 10_000;
const READERS = 2_000;
/** Asked for one behind the other, so that the kernel's buffers cannot take all of it. */
const PIPELINED = 20;
/** Descriptors that a process needs for everything else. */
const SPARE = 1_000;
const GOOD_RATE = 200;
const GOOD_SECONDS = 8;
const ROUNDS = 3;
const BUNDLES = '/v1/environments/prod/bundles';
const MANIFESTS = `${BUNDLES}/latest/manifests`;

/** Good requests with and without many that are no good beside them, measured from a process of their own; in turn, as the machine has other things to do. */
export async function slowConnections(running: EstateServer, flows: readonly string[]): Promise<void> {
  const { token, url } = running.server;
  const count = within(SLOW_CLIENTS);
  const order = { kind: 'attach', port: portOf(running), count, texts: halfSent(token) } satisfies SlowOrder;
  const good = { url, token, flows, rate: GOOD_RATE, seconds: GOOD_SECONDS, mix: 'reads', polls: 0 } as const;
  const [without, beside, closed]: [number[], number[], number[]] = [[], [], []];
  await withClients('clients', async (clients) => {
    await tell<Loaded>(clients, good);
    for (let round = 0; round < ROUNDS; round++) {
      without.push((await tell<Loaded>(clients, good)).p99);
      await withClients('slow-clients', async (slow) => {
        await attached(slow, order);
        const { p99, failed } = await tell<Loaded>(clients, good);
        beside.push(p99);
        const { open, closedAfterMs } = await closings(slow);
        closed.push(...closedAfterMs);
        console.log(
          `  round ${round + 1}: ${open} attached, 99 of 100 within ${without.at(-1)?.toFixed(1)} ms without, ${p99.toFixed(1)} ms beside ${JSON.stringify(failed)}`,
        );
      });
    }
  });
  console.log(`  ${closed.length} half-sent requests were ended`);
  console.log(limitLine(`good requests beside ${count} slow ones`, median(beside) / median(without), 'x', 2));
  console.log(limitLine('the longest a half-sent request stayed', Math.max(0, ...closed) / 1000, 's', 15));
}

/** A line of a request, all headers but the last, a body that stops, chunks that stop, nothing at all; and as many who have been answered and stay, and say no more. */
function halfSent(token: string): string[] {
  const head = (line: string, ...more: string[]) =>
    [line, 'host: soak', `authorization: Bearer ${token}`, ...more].join('\r\n');
  const json = 'content-type: application/json';
  return [
    'GET /v1/te',
    head(`GET ${MANIFESTS} HTTP/1.1`),
    `${head('POST /v1/teams HTTP/1.1', json, 'content-length: 200')}\r\n\r\n{"name": "ha`,
    `${head('POST /v1/teams HTTP/1.1', json, 'transfer-encoding: chunked')}\r\n\r\n4\r\n{"na\r\n`,
    '',
    ...Array.from({ length: 5 }, () => `${head('GET /livez HTTP/1.1')}\r\n\r\n`),
  ];
}

async function attached(slow: Parameters<typeof tell>[0], order: SlowOrder): Promise<void> {
  slow.send(order);
  for (let tries = 0; tries < 600; tries++) {
    if ((await tell<SlowState>(slow, 'state')).open >= order.count * 0.98) return;
    await pause(100);
  }
  console.log(`  of ${order.count} clients ${(await tell<SlowState>(slow, 'state')).open} could connect`);
}

/** When those that are attached now have had their time. */
async function closings(slow: Parameters<typeof tell>[0]): Promise<SlowState> {
  const { open } = await tell<SlowState>(slow, 'state');
  await pause(16_000);
  const { closedAfterMs } = await tell<SlowState>(slow, 'state');
  slow.send('let go');
  return { open, closedAfterMs };
}

/** Clients that ask for a bundle and do not read it: what is sent to all of them is there once. */
export async function slowReaders(running: EstateServer): Promise<void> {
  const path = await standing(running);
  const yaml = await call(running.server, 'GET', path);
  const count = within(READERS);
  const request = `GET ${path} HTTP/1.1\r\nhost: soak\r\nauthorization: Bearer ${running.server.token}\r\n\r\n`;
  const order = {
    kind: 'readers',
    port: portOf(running),
    count,
    texts: [request.repeat(PIPELINED)],
  } satisfies SlowOrder;
  await withClients('slow-clients', async (slow) => {
    const before = await held(running.child);
    await attached(slow, order);
    await pause(3_000);
    const during = await held(running.child);
    const each = (of: (usage: NodeJS.MemoryUsage) => number) => (of(during) - of(before)) / count / 1000;
    console.log(
      `${count} slow readers of ${(yaml.length / 1000).toFixed(0)} kB: ${megabytes(during.rss - before.rss).toFixed(0)} MB more resident`,
    );
    console.log(
      limitLine(
        'held for a reply that waits, of its bytes',
        (100 * each((m) => m.heapUsed + m.external)) / PIPELINED / (yaml.length / 1000),
        '%',
        5,
      ),
    );
    console.log(
      limitLine(
        'resident memory for a slow reader',
        each((m) => m.rss),
        'kB',
        yaml.length / 2000,
      ),
    );
    slow.send('let go');
  });
}

/** The latest version by its number: what is asked of is in memory, and no statement stands in between. */
async function standing({ server }: EstateServer): Promise<string> {
  const { version } = JSON.parse(await call(server, 'GET', `${BUNDLES}/latest`)) as { version: number };
  return `${BUNDLES}/${version}/manifests`;
}

function portOf({ server }: EstateServer): number {
  return Number(new URL(server.url).port);
}

/** Each process may have so many descriptors, and needs one a client. */
function within(wanted: number): number {
  const limit = Number(spawnSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).stdout);
  const most = Number.isNaN(limit) ? wanted : limit - SPARE;
  if (wanted > most) console.log(`${most} connections in place of ${wanted}: ulimit -n is ${limit}`);
  return Math.min(wanted, most);
}
