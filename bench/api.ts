import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/store/embedded/embedded-postgres.launcher.js';
import { barePg, barePgWrites } from './bare-pg.js';
import { fillModel, TEAMS } from './fill-model.js';
import { load, loadPairs, type Target } from './load.js';
import { startRaw } from './raw-server.js';
import { median, ratioLine } from './report.js';
import { type Server, startServer } from './server.js';

const ROUNDS = 5;

/** What is compared with what, and the least ratio that was promised. */
interface Comparison {
  readonly name: string;
  readonly baseline: string;
  readonly least: number | undefined;
  /** Requests (or the same work done bare) a second. */
  readonly run: () => Promise<number>;
  readonly runBaseline: () => Promise<number>;
}

/**
 * `npm run bench -- api`: the server as `npm start` runs it, on an embedded PostgreSQL, beside the bare means it is made of. Rounds of
 * both are interleaved, so that whatever else the machine does hits both; what counts is the ratio of the medians.
 */
export async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  const children: ChildProcess[] = [];
  try {
    const server = await startServer(folder, postgres.url, children);
    const raw = await startRaw(children);
    await fillModel(server.url, server.token);
    const comparisons = await comparisonsOf(server, raw, postgres.url);
    for (const comparison of comparisons) await compare(comparison);
  } finally {
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve))));
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function comparisonsOf({ url, token }: Server, raw: string, databaseUrl: string): Promise<Comparison[]> {
  const headers = { authorization: `Bearer ${token}` };
  const get = (path: string, more: Record<string, string> = {}): Target => ({
    url: `${url}${path}`,
    headers: { ...headers, ...more },
  });
  const manifests = '/v1/environments/bench/bundles/1/manifests';
  const reply = await fetch(`${url}${manifests}`, { headers });
  const bytes = Buffer.from(await reply.arrayBuffer());
  const etag = reply.headers.get('etag') ?? '';
  await fetch(raw, { method: 'PUT', body: bytes });
  const graphql: Target = {
    url: `${url}/graphql`,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query: GRAPHQL }),
  };
  const names = Array.from({ length: TEAMS }, (_, n) => n);
  const teams = { ...get(''), paths: names.map((n) => `/v1/teams/team-${n}`) };
  const kb = Math.round(bytes.length / 1024);
  return [
    {
      name: 'team by name',
      baseline: 'bare pg',
      least: 0.4,
      run: () => load(teams),
      runBaseline: () => barePg(databaseUrl, TEAM_SQL, (turn) => [`team-${turn % TEAMS}`]),
    },
    {
      name: '  as if the model had changed before each',
      baseline: 'bare pg',
      least: undefined,
      run: () => load({ ...teams, counted: 'sluice-reason' }),
      runBaseline: () => barePg(databaseUrl, TEAM_SQL, (turn) => [`team-${turn % TEAMS}`]),
    },
    {
      name: 'tier by name, with its ports',
      baseline: 'bare pg',
      least: 0.4,
      run: () => load({ ...get(''), paths: names.map((n) => `/v1/applications/bench/tiers/tier-${n}`) }),
      runBaseline: () => barePg(databaseUrl, TIER_SQL, (turn) => ['bench', `tier-${turn % TEAMS}`]),
    },
    {
      name: `bundle of ${kb} kB by version`,
      baseline: 'raw node:http',
      least: 0.6,
      run: () => load(get(manifests)),
      runBaseline: () => load({ url: raw, headers: {} }),
    },
    {
      name: 'bundle by latest, unchanged (304)',
      baseline: 'raw node:http, the bytes',
      least: undefined,
      run: () => load(get('/v1/environments/bench/bundles/latest/manifests', { 'if-none-match': etag })),
      runBaseline: () => load({ url: raw, headers: {} }),
    },
    {
      name: 'GraphQL: 100 tiers with ports and flows',
      baseline: 'REST: the same data (two requests)',
      least: 0.6,
      run: () => load(graphql),
      runBaseline: () =>
        loadPairs([get('/v1/applications/bench/tiers?pageSize=100'), get('/v1/flows?application=bench&pageSize=500')]),
    },
    {
      name: 'flow created',
      baseline: 'bare pg, same rows in one transaction',
      least: undefined,
      run: () =>
        load({
          url: `${url}/v1/flows`,
          headers: { ...headers, 'content-type': 'application/json' },
          bodies: flowBodies(),
        }),
      runBaseline: () => barePgWrites(databaseUrl),
    },
  ];
}

const TEAM_SQL = 'SELECT * FROM team WHERE name = $1';

const TIER_SQL = `SELECT t.*, (SELECT json_agg(p ORDER BY position) FROM tier_port p WHERE p.application = t.application AND p.tier = t.name) AS ports
  FROM tier t WHERE t.application = $1 AND t.name = $2`;

const GRAPHQL = `{ application(name: "bench") { tiers { name podSelector { matchLabels } ports { name protocol port }
  outbound { name ports { name protocol port } reason } } } }`;

let created = 0;

/** Each body once: a fresh name, and ports that no other flow between these tiers has. */
function* flowBodies(): Generator<string> {
  for (;;) {
    const n = ++created;
    const ports = [
      { protocol: 'TCP', port: 1 + (n % 65000) },
      { protocol: 'UDP', port: 1 + Math.floor(n / 65000) },
    ];
    const flow = {
      name: `made-${process.pid}-${n}`,
      from: { tier: `bench/tier-${n % 100}` },
      to: { tier: `bench/tier-${(n + 7) % 100}` },
      ports,
    };
    yield JSON.stringify(flow);
  }
}

async function compare({ name, baseline, least, run, runBaseline }: Comparison): Promise<void> {
  const [own, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await runBaseline());
    own.push(await run());
  }
  process.stdout.write(`${ratioLine(name, median(own), baseline, median(bare), least)}\n`);
}
