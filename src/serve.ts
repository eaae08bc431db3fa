import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { ensureAdminToken } from './bootstrap/admin-token.js';
import { banner } from './bootstrap/banner.js';
import { loadDemo } from './bootstrap/demo.js';
import { giveBackMemory } from './bootstrap/give-back-memory.js';
import { createApp } from './create-app.js';
import type { Config } from './platform/config.js';
import { loadKeys } from './platform/keys/load-keys.js';
import { loadSecretBox } from './platform/keys/load-secret-box.js';
import { webhookSettings } from './platform/webhook/webhook-settings.js';
import { databaseAt } from './store/database-url.js';
import { Database } from './store/database.js';
import { migrate } from './store/migrate/migration.runner.js';
import { Notifications } from './store/notifications.js';
import { TokenStore } from './store/token.store.js';
import { untilItAnswers } from './store/wait-for-database.js';
import { WorkPool } from './work/work-pool.js';

/** What the process opened, to be closed in the opposite order. */
export type Closers = (() => Promise<unknown>)[];

/** Takes a database that answers, and serves from it: keys, migrations, the application, the first token, the example, the banner. */
export async function serve(config: Config, url: string, log: Logger, closers: Closers): Promise<void> {
  const keys = loadKeys(config);
  const webhooks = webhookSettings(config.webhooks, loadSecretBox(config));
  await untilItAnswers(url, {
    seconds: config.databaseWaitSeconds,
    where: databaseAt(url),
    tell: (line) => process.stderr.write(`${line}\n`),
  });
  await migrate(url, { log: (line) => log.info(line) });
  const onError = (error: Error) => log.warn({ err: error }, 'a database connection was lost');
  const database = new Database({ url, poolSize: config.poolSize, graceMs: config.graceMinutes * 60_000, onError });
  closers.push(() => database.close());
  const replica = openReplica(config, onError);
  closers.push(async () => replica?.close());
  const notifications = new Notifications(url, onError);
  closers.push(() => notifications.close());
  const pool = new WorkPool();
  closers.push(() => pool.close());
  const app = await createApp({
    database,
    replica,
    notifications,
    pool,
    log,
    analysis: config.analysis,
    deploymentDays: config.deploymentDays,
    retention: config.retention,
    keys,
    webhooks,
    publicUrl: config.publicUrl,
    deadlineMs: config.deadlineSeconds * 1000,
    version: config.version,
  });
  closers.push(() => app.close());
  await notifications.open();

  const adminTokenFile = join(config.dataDir, 'admin-token');
  const adminToken = await ensureAdminToken(database, app.get(TokenStore), adminTokenFile);
  const demo = config.databaseUrl === undefined && config.demo;
  if (demo) await loadDemo(app);
  await giveBackMemory();
  await app.listen(config.port, config.host);
  const facts = { ...whereabouts(config, await app.getUrl()), adminToken, adminTokenFile, demo, keys };
  const adminTokenKept = existsSync(adminTokenFile);
  process.stdout.write(`${banner({ ...facts, adminTokenKept, seconds: process.uptime() })}\n`);
}

/** It is connected to when it is first asked, so that a start does not need it. */
function openReplica({ replicaUrl, poolSize }: Config, onError: (error: Error) => void): Database | undefined {
  return replicaUrl === undefined ? undefined : new Database({ url: replicaUrl, poolSize, onError });
}

function whereabouts(config: Config, url: string): { url: string; database: string } {
  const database =
    config.databaseUrl === undefined ? `embedded PostgreSQL in ${config.dataDir}` : databaseAt(config.databaseUrl);
  return { url: url.replace('[::1]', 'localhost'), database };
}
