import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { call, type EstateServer, metrics, withEstateServer } from './estate-server.js';
import { held } from './held.js';
import { limitLine } from './report.js';
import type { Told, WaitOrder } from './waiting-clients.js';

const ENVIRONMENT = '/v1/environments/prod';
const LATEST = `${ENVIRONMENT}/bundles/latest/manifests`;
/** Of them the server has warm what it needs once. */
const WARM = 200;

/**
 * `npm run bench -- waiting [clients]`: many clients that wait for the next version, each on a connection of its own: what one of them costs the server
 * in memory, and how long it takes from the publish until the last one has the version.
 */
export async function main([wanted = '5000']: string[] = []): Promise<void> {
  const clients = within(Number(wanted));
  await withEstateServer({ services: 60, flows: 120, entry: 'measured' }, async (running) => {
    const file = fileURLToPath(new URL('./waiting-clients.js', import.meta.url));
    const child = spawn(process.execPath, [file], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    try {
      await call(running.server, 'POST', `${ENVIRONMENT}/bundles`, {});
      await round(running, child, WARM);
      for (let n = 0; n < clients / 50; n++)
        await Promise.all(Array.from({ length: 50 }, () => call(running.server, 'GET', LATEST)));
      await round(running, child, clients);
    } finally {
      child.kill();
    }
  });
}

/** Two descriptors a client, one here and one there; each process may have so many. */
function within(wanted: number): number {
  const limit = Number(spawnSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).stdout);
  const most = Number.isNaN(limit) ? wanted : limit - 500;
  if (wanted > most) console.log(`${most} clients in place of ${wanted}: ulimit -n is ${limit}`);
  return Math.min(wanted, most);
}

async function round(running: EstateServer, child: ChildProcess, clients: number): Promise<void> {
  const { server } = running;
  const before = await held(running.child);
  const asked = once(child, 'message');
  child.send({
    clients,
    port: Number(new URL(server.url).port),
    request: await requestLines(server),
  } satisfies WaitOrder);
  await asked;
  while (((await metrics(server))['sluice_waiters{kind="poll"}'] ?? 0) < clients) await pause(100);
  const after = await held(running.child);
  await changeModel(running);
  const told = once(child, 'message');
  const began = Date.now();
  await call(server, 'POST', `${ENVIRONMENT}/bundles`, {});
  const published = Date.now();
  const [{ last, statuses }] = (await told) as [Told];
  if (clients === WARM) return;
  console.log(`${clients} clients that wait (answers: ${JSON.stringify(statuses)})`);
  const each = (of: (usage: NodeJS.MemoryUsage) => number) => (of(after) - of(before)) / clients / 1000;
  console.log(
    limitLine(
      '  held for each, after a collection',
      each((m) => m.heapUsed + m.external),
      'kB',
      12,
    ),
  );
  console.log(
    limitLine(
      '  resident memory for each',
      each((m) => m.rss),
      'kB',
      12,
    ),
  );
  console.log(`  the publish took ${published - began} ms`);
  console.log(limitLine('  from its answer until all are told', (last - published) / 1000, 's', 1));
}

async function requestLines({ token, url }: EstateServer['server']): Promise<string[]> {
  const authorization = `Bearer ${token}`;
  const { headers } = await fetch(url + LATEST, { headers: { authorization, 'accept-encoding': 'gzip' } });
  return [
    `GET ${LATEST} HTTP/1.1`,
    'host: bench',
    `authorization: ${authorization}`,
    'accept-encoding: gzip',
    'prefer: wait=60',
    `if-none-match: ${headers.get('etag') ?? ''}`,
  ];
}

let port = 30_000;

async function changeModel({ server, database }: EstateServer): Promise<void> {
  const { rows } = await database.query<{ name: string }>(
    'SELECT name FROM flow WHERE to_tier IS NOT NULL AND from_tier IS NOT NULL ORDER BY name LIMIT 1',
  );
  const headers = { 'if-match': '*', 'content-type': 'application/merge-patch+json' };
  await call(
    server,
    'PATCH',
    `/v1/flows/${rows[0]?.name ?? ''}`,
    { ports: [{ protocol: 'TCP', port: port++ }] },
    headers,
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
