import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { CACHES } from '../../src/seeing/cache-tally.js';
import { PHASES } from '../../src/seeing/phase.js';
import { WorkPool } from '../../src/work/work-pool.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

const DOCS = 'docs/observability.md';
const EXAMPLES = 'examples/observability';

let sluice: TestApp;

beforeAll(async () => {
  // Every estate is large to it: jobs go to threads.
  sluice = await startTestApp({ pool: new WorkPool(undefined, 1) });
  await loadShop(sluice.app);
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});

/** The samples of a scrape: `name{labels}` and the value. */
async function scrape(): Promise<Map<string, number>> {
  const { text } = await sluice.request.get('/metrics').expect(200);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

describe('metrics', () => {
  it('tell each phase of a publish, those in a worker thread too', async () => {
    const before = await scrape();
    await sluice.request
      .patch('/v1/flows/users-to-frontend')
      .set('if-match', '*')
      .send({ ports: [{ port: 8080 }] })
      .expect(200);
    await sluice.request.post('/v1/environments/dev/bundles').send({}).expect(201);
    const after = await scrape();
    for (const phase of Object.keys(PHASES)) {
      const name = `sluice_publish_phase_seconds_count{phase="${phase}"}`;
      expect([name, after.get(name)! - before.get(name)!]).toEqual([name, 1]);
    }
    expect(after.get('sluice_worker_threads{pool="jobs"}')).toBe(1);
    const busy = 'sluice_worker_busy_seconds_total{pool="jobs"}';
    expect(after.get(busy)).toBeGreaterThan(before.get(busy)!);
  });

  it('tell what caches did and hold', async () => {
    const read = () => sluice.request.get('/v1/environments/dev/bundles/1/manifests').expect(200);
    await read();
    const before = await scrape();
    await read();
    const after = await scrape();
    for (const cache of ['versions', 'contents', 'tokens']) {
      expect(after.get(`sluice_cache_hits_total{cache="${cache}"}`)).toBeGreaterThan(
        before.get(`sluice_cache_hits_total{cache="${cache}"}`)!,
      );
      expect(after.get(`sluice_cache_misses_total{cache="${cache}"}`)).toBeGreaterThan(0);
    }
    expect(after.get('sluice_cache_bytes{cache="contents"}')).toBeGreaterThan(0);
    // The thread reads what it rendered for its proof, and keeps it.
    expect(after.get('sluice_cache_entries{cache="parts"}')).toBeGreaterThan(0);
    await sluice.request.get('/v1/environments/dev/connections').expect(200);
    expect((await scrape()).get('sluice_cache_entries{cache="editions"}')).toBe(1);
  });

  it('tell how long was waited for a connection, where all were taken', async () => {
    const before = await scrape();
    const clients = await Promise.all(Array.from({ length: 10 }, () => sluice.database.pool.connect()));
    const late = sluice.database.pool.query('SELECT 1');
    for (const client of clients) client.release();
    await late;
    const after = await scrape();
    expect(after.get('sluice_database_waits_total')! - before.get('sluice_database_waits_total')!).toBe(1);
    expect(after.get('sluice_database_wait_seconds_total')).toBeGreaterThan(
      before.get('sluice_database_wait_seconds_total')!,
    );
  });

  it('tell that the listener is connected, and of each connection that broke', async () => {
    const before = await scrape();
    expect(before.get('sluice_listener_connected')).toBe(1);
    await sluice.database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sluice-listen'`,
    );
    const connections = async () => (await scrape()).get('sluice_listener_connections_total');
    await expect.poll(connections, { timeout: 20_000 }).toBe(before.get('sluice_listener_connections_total')! + 1);
    expect((await scrape()).get('sluice_listener_connected')).toBe(1);
  });

  it('tell the event loop, and routes as patterns', async () => {
    await sluice.request.get('/v1/flows/users-to-frontend').expect(200);
    // What is told is of the time since it was told last: of a moment that is too short there is nothing to tell.
    const samples = await vi.waitFor(
      async () => {
        const told = await scrape();
        for (const part of ['p50', 'p99', 'max'])
          expect(told.get(`nodejs_eventloop_lag_${part}_seconds`)).toBeGreaterThan(0);
        return told;
      },
      { timeout: 5_000, interval: 100 },
    );
    const routes = [...samples.keys()].filter((name) => name.startsWith('sluice_http_request_seconds_count'));
    expect(routes.join('\n')).toContain('route="/v1/flows/:flow"');
    expect(routes.join('\n')).not.toContain('users-to-frontend');
  });
});

/** Rows below a mark, up to the next heading. */
function withTable(text: string, mark: string, head: string, rows: readonly string[]): string {
  const table = [head, head.replaceAll(/[^|]+/g, ' --- '), ...rows].join('\n');
  return text.replace(
    new RegExp(`(<!-- ${mark} -->\\n)[^]*?(?=\\n## |$)`),
    (_, found: string) => `${found}\n${table}\n`,
  );
}

/** Prettier pads the columns of a table. */
const unpadded = (text: string): string => text.replaceAll(/ {2,}/g, ' ').replaceAll(/-{3,}/g, '---').trim();

describe(DOCS, () => {
  // Elsewhere the process has fewer figures of its own.
  it.skipIf(process.platform !== 'linux')('has every metric, phase and cache as it is in the code', () => {
    const metrics = sluice.app.get(Metrics).described();
    expect(metrics.length).toBeGreaterThan(40);
    const text = readFileSync(DOCS, 'utf8');
    const rows = metrics.map(
      ({ name, kind, labels, help }) => `| \`${name}\` | ${kind} | ${labels.join(', ')} | ${help} |`,
    );
    const pairs = (of: object) => Object.entries(of).map(([name, what]) => `| \`${name}\` | ${what} |`);
    let wanted = withTable(text, 'metrics', '| metric | kind | labels | what it is |', rows.sort());
    wanted = withTable(wanted, 'phases', '| phase | what it does |', pairs(PHASES));
    wanted = withTable(wanted, 'caches', '| cache | what is in it |', pairs(CACHES));
    if (process.env['GOLDEN'] === 'write') writeFileSync(DOCS, wanted);
    else expect(unpadded(text)).toBe(unpadded(wanted));
  });

  it('calls metrics as Prometheus does', () => {
    for (const { name, kind } of sluice.app
      .get(Metrics)
      .described()
      .filter((one) => one.name.startsWith('sluice_'))) {
      expect(name).toMatch(/^sluice(_[a-z]+)+$/);
      expect([name, name.endsWith('_total')]).toEqual([name, kind === 'counter']);
      if (kind === 'histogram') expect(name).toMatch(/_(seconds|bytes)$/);
    }
  });
});

describe(EXAMPLES, () => {
  /** What stands in an expression of Prometheus and is no word of its language. */
  const namesIn = (expression: string) =>
    [...expression.replaceAll(/"[^"]*"/g, '""').matchAll(/\b(sluice|nodejs|process)_\w+/g)].map(([name]) => name);

  async function exported(): Promise<ReadonlySet<string>> {
    return new Set([...(await scrape()).keys()].map((name) => name.split('{', 1)[0]!));
  }

  function expressions(node: unknown): string[] {
    if (Array.isArray(node)) return node.flatMap(expressions);
    if (typeof node !== 'object' || node === null) return [];
    return Object.entries(node).flatMap(([key, value]) =>
      (key === 'expr' || key === 'query') && typeof value === 'string' ? [value] : expressions(value),
    );
  }

  it('asks for metrics that there are', async () => {
    const known = await exported();
    const dashboard: any = JSON.parse(readFileSync(`${EXAMPLES}/dashboard.json`, 'utf8'));
    const rules = parseAllDocuments(readFileSync(`${EXAMPLES}/alerts.yaml`, 'utf8')).map((one) => one.toJS());
    for (const file of [dashboard, rules]) {
      const asked = expressions(file).flatMap(namesIn);
      expect(asked.length).toBeGreaterThan(10);
      expect([...new Set(asked)].filter((name) => !known.has(name))).toEqual([]);
    }
  });

  it('has a dashboard that Grafana can lay out, and alerts that say what to do', () => {
    const { panels, title, uid }: any = JSON.parse(readFileSync(`${EXAMPLES}/dashboard.json`, 'utf8'));
    expect([title, uid]).toEqual(['Sluice', 'sluice']);
    expect(new Set(panels.map(({ id }: any) => id)).size).toBe(panels.length);
    for (const { title: name, type, gridPos, targets } of panels) {
      expect(gridPos.x + gridPos.w, name).toBeLessThanOrEqual(24);
      if (type !== 'row') expect(targets.length, name).toBeGreaterThan(0);
    }
    const [{ groups }]: any = parseAllDocuments(readFileSync(`${EXAMPLES}/alerts.yaml`, 'utf8')).map((one) =>
      one.toJS(),
    );
    const rules: any[] = groups.flatMap((group: any) => group.rules);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, expr, labels, annotations } of rules) {
      expect([alert, typeof expr, labels.severity]).toEqual([
        alert,
        'string',
        expect.stringMatching(/^(page|ticket)$/),
      ]);
      expect(annotations.summary, alert).toMatch(/\w/);
      expect(annotations.description, alert).toMatch(/\w/);
    }
    expect(readdirSync(EXAMPLES).sort()).toEqual(['README.md', 'alerts.yaml', 'dashboard.json']);
  });
});
