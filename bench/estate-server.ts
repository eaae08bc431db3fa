import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/store/embedded/embedded-postgres.launcher.js';
import { migrate } from '../src/store/migrate/migration.runner.js';
import { generateEstate } from './estate.js';
import { fillEstate } from './fill-estate.js';
import { type Server, startServer } from './server.js';

/** A server over a generated estate, and its database. */
export interface EstateServer {
  readonly server: Server;
  readonly database: pg.Pool;
  readonly child: ChildProcess;
}

export interface EstateServerOptions {
  readonly services: number;
  readonly flows: number;
  readonly entry?: 'main' | 'measured';
  /** Of the environment. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Runs `work` with a server over an estate of this size, in a database of its own; both are gone afterwards. */
export async function withEstateServer(
  { entry, settings, ...size }: EstateServerOptions,
  work: (running: EstateServer) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  const database = new pg.Pool({ connectionString: postgres.url, max: 2 });
  database.on('error', () => undefined); // a connection that idles when the database is stopped
  const children: ChildProcess[] = [];
  try {
    await migrate(postgres.url, { log: () => undefined });
    await fillEstate(postgres.url, generateEstate({ ...size, seed: 1 }));
    const server = await startServer(folder, postgres.url, children, entry, settings);
    await work({ server, database, child: children[0]! });
  } finally {
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map((child) => once(child, 'exit')));
    await database.end();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One request to the server; its answer, or an error where that is no success. */
export async function call(
  { url, token }: Server,
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<string> {
  const reply = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text.slice(0, 500)}`);
  return text;
}

/** The values of the server's `/metrics` by name, with the labels where there are some; reading them begins new histograms. */
export async function metrics(server: Server): Promise<Readonly<Record<string, number>>> {
  const lines = (await call(server, 'GET', '/metrics')).matchAll(/^(\w+(?:\{[^}]*\})?) (\S+)$/gm);
  return Object.fromEntries([...lines].map(([, name = '', value]) => [name, Number(value)]));
}
