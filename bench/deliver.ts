import { gzipSync } from 'node:zlib';
import { call, type EstateServer, metrics, withEstateServer } from './estate-server.js';
import { main as fetches } from './fetch.js';
import { limitLine, median } from './report.js';
import type { Server } from './server.js';
import { main as waiting } from './waiting.js';

const VERSIONS = 5;
const FLOWS_CHANGED = 10;
const ANY = { 'if-match': '*', 'content-type': 'application/merge-patch+json' };
const BUNDLES = '/v1/environments/prod/bundles';

/**
 * `npm run bench -- deliver [services flows clients]`: what a version costs that is mostly what the version before was: bytes in the database, against the
 * whole archive compressed once more, and the CPU of its publish, against the first publish. Then what a fetch costs, and clients
 * that wait for a version (`npm run bench -- fetch` and `npm run bench -- waiting` are those parts alone).
 */
export async function main([services = '1500', flows = '9300', clients = '5000']: string[]): Promise<void> {
  await withEstateServer({ services: Number(services), flows: Number(flows) }, async (running) => {
    console.log(`${services} services, ${flows} flows`);
    const first = await publish(running);
    report('first version', first);
    const changed = await versions(running, FLOWS_CHANGED);
    const whole = gzipSync(await call(running.server, 'GET', `${BUNDLES}/1/manifests.yaml`), { level: 9 }).length;
    report(`a version with ${FLOWS_CHANGED} flows changed, median of ${VERSIONS}`, changed);
    console.log(`  all of its YAML by gzip -9: ${kilobytes(whole)}`);
    console.log(limitLine('  stored / all by gzip', changed.bytes / whole, 'x', 0.2));
    const one = await versions(running, 1);
    report(`a version with one flow changed, median of ${VERSIONS}`, one);
    console.log(limitLine('  CPU of its publish / first publish', (100 * one.cpu) / first.cpu, '%', 15));
    const { process_resident_memory_bytes: memory = NaN } = await metrics(running.server);
    console.log(`memory of the server after all of them: ${Math.round(memory / 1e6)} MB`);
  });
  await fetches([]);
  await waiting([clients]);
}

/** What a publish costs. */
interface Cost {
  /** In the database. */
  readonly bytes: number;
  /** Of the server, in seconds. */
  readonly cpu: number;
}

async function versions(running: EstateServer, changes: number): Promise<Cost> {
  const costs: Cost[] = [];
  for (let version = 0; version < VERSIONS; version++) {
    for (let change = 0; change < changes; change++)
      await changeFlow(running, version * 101 + change * 37, 20_000 + 100 * changes + version);
    costs.push(await publish(running));
  }
  return { bytes: median(costs.map(({ bytes }) => bytes)), cpu: median(costs.map(({ cpu }) => cpu)) };
}

async function publish({ server, database }: EstateServer): Promise<Cost> {
  const [bytes, cpu] = [await storedBytes(database), await cpuSeconds(server)];
  await call(server, 'POST', BUNDLES, {});
  return { bytes: (await storedBytes(database)) - bytes, cpu: (await cpuSeconds(server)) - cpu };
}

async function cpuSeconds(server: Server): Promise<number> {
  return (await metrics(server))['process_cpu_seconds_total'] ?? NaN;
}

/** Another port between the same ends, so that the size of the estate stays as it is. */
async function changeFlow({ server, database }: EstateServer, number: number, port: number): Promise<void> {
  const { rows } = await database.query<{ name: string }>(
    'SELECT name FROM flow WHERE to_tier IS NOT NULL AND from_tier IS NOT NULL ORDER BY name OFFSET $1 LIMIT 1',
    [number],
  );
  const ports = [{ protocol: 'TCP', port }];
  await call(server, 'PATCH', `/v1/flows/${rows[0]?.name ?? ''}`, { ports }, ANY);
}

/** Of all that publishes write: rows as they are on disk, compressed where PostgreSQL compresses them. */
async function storedBytes(database: EstateServer['database']): Promise<number> {
  const sums = ['fragment', 'blob', 'bundle'].map(
    (table) => `(SELECT coalesce(sum(pg_column_size(t.*)), 0) FROM ${table} t)`,
  );
  const { rows } = await database.query<{ bytes: string }>(`SELECT ${sums.join(' + ')} AS bytes`);
  return Number(rows[0]?.bytes);
}

function report(name: string, { bytes, cpu }: Cost): void {
  console.log(`${name}: ${kilobytes(bytes)} stored, ${cpu.toFixed(2)} s of CPU`);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} kB`;
}
