import { join } from 'node:path';
import { pino } from 'pino';
import { ensureAdminToken } from './bootstrap/admin-token.js';
import { banner } from './bootstrap/banner.js';
import { loadDemo } from './bootstrap/demo.js';
import { createApp } from './create-app.js';
import { type Config, readConfig } from './platform/config.js';
import { Database } from './store/database.js';
import { startEmbeddedPostgres } from './store/embedded/embedded-postgres.launcher.js';
import { migrate } from './store/migrate/migration.runner.js';
import { Notifications } from './store/notifications.js';
import { TokenStore } from './store/token.store.js';

const SHUTDOWN_MS = 10_000;

/** Closed in the opposite order of how they were opened. */
const closers: (() => Promise<unknown>)[] = [];

async function main(): Promise<void> {
  const config = readConfig();
  const log = pino({ level: config.logLevel }, pino.destination({ fd: 2, sync: true }));
  const url = config.databaseUrl ?? (await openEmbedded(config));
  await migrate(url, { log: (line) => log.info(line) });

  const onError = (error: Error) => log.warn({ err: error }, 'a database connection was lost');
  const database = new Database({ url, poolSize: config.poolSize, onError });
  closers.push(() => database.close());
  const notifications = new Notifications(url, onError);
  closers.push(() => notifications.close());
  const app = await createApp({ database, notifications, log, version: config.version });
  closers.push(() => app.close());
  await notifications.open();

  const adminTokenFile = join(config.dataDir, 'admin-token');
  const adminToken = await ensureAdminToken(database, app.get(TokenStore), adminTokenFile);
  const demo = config.databaseUrl === undefined && config.demo;
  if (demo) await loadDemo(app);
  await app.listen(config.port, config.host);
  process.stdout.write(
    `${banner({ ...whereabouts(config, await app.getUrl()), adminToken, adminTokenFile, demo, seconds: process.uptime() })}\n`,
  );
}

async function openEmbedded(config: Config): Promise<string> {
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const postgres = await startEmbeddedPostgres({ dataDir: join(config.dataDir, 'postgres'), log });
  closers.push(() => postgres.stop());
  return postgres.url;
}

function whereabouts(config: Config, url: string): { url: string; database: string } {
  const database =
    config.databaseUrl === undefined ? `embedded PostgreSQL in ${config.dataDir}` : new URL(config.databaseUrl).host;
  return { url: url.replace('[::1]', 'localhost'), database };
}

/** Takes no new requests, lets those under way end, closes what was opened; a second signal or ten seconds end it at once. */
async function close(): Promise<void> {
  setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
  for (const closer of closers.splice(0).reverse()) await closer();
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}

main().catch(async (error: unknown) => {
  process.stderr.write(`Sluice could not start: ${error instanceof Error ? error.message : String(error)}\n`);
  await close().catch(() => undefined);
  process.exit(1);
});
