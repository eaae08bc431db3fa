import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.launcher.js';
import { stopLeftOver } from '../../src/store/embedded/left-over.stop.js';
import { migrate } from '../../src/store/migrate/migration.runner.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The throw-away server of this run; see createTestDatabase in database.ts. */
    databaseServer: string;
  }
}

/** The migrated database that every test database is a copy of. */
const TEMPLATE = 'sluice_template';

/** One throw-away PostgreSQL for a run of vitest, with a migrated template. Vitest calls this only if a test of the project `database` runs. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweep();
  const dataDir = mkdtempSync(join(tmpdir(), `sluice-test-${process.pid}-`));
  chmodSync(dataDir, 0o755); // as root, the server runs as another user
  const server = await startEmbeddedPostgres({ dataDir, durability: 'throw-away' });
  const teardown = async (): Promise<void> => {
    await server.stop();
    for (const folder of [server.home, dataDir]) rmSync(folder, { recursive: true, force: true });
  };
  try {
    await makeTemplate(server.url);
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide('databaseServer', server.url);
  return teardown;
}

async function makeTemplate(url: string): Promise<void> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  const template = new URL(url);
  template.pathname = `/${TEMPLATE}`;
  await migrate(template.href);
}

/** Removes what runs that were killed left behind: their server and its folder. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^sluice-test-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const home = join(tmpdir(), name);
    const password = join(home, 'password');
    if (existsSync(password)) {
      const cluster = {
        directory: join(home, 'cluster'),
        account: undefined,
        password: readFileSync(password, 'utf8'),
      };
      await stopLeftOver(cluster, () => undefined);
    }
    rmSync(home, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
