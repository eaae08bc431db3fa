import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import type { RetentionRule } from '../../src/domain/retention.js';
import { ensureAdminToken } from '../../src/bootstrap/admin-token.js';
import { createApp } from '../../src/create-app.js';
import { NO_KEYS, type SigningKeys } from '../../src/platform/keys/signing-keys.js';
import { NO_WEBHOOKS, type WebhookSettings } from '../../src/platform/webhook/webhook-settings.js';
import { TIMEOUTS, type Timeouts } from '../../src/platform/http/timeouts.js';
import { Database } from '../../src/store/database.js';
import { Notifications } from '../../src/store/notifications.js';
import { TokenStore } from '../../src/store/token.store.js';
import { WorkPool } from '../../src/work/work-pool.js';
import { createTestDatabase } from './database.js';

/** A server as main makes it, over a database of its own, listening on a free port. */
export interface TestApp {
  readonly app: NestFastifyApplication;
  readonly database: Database;
  readonly databaseUrl: string;
  readonly url: string;
  /** The admin token. */
  readonly token: string;
  /** Sends the admin token with every request. */
  readonly request: TestAgent;
  /** What the server logged of its own failures: empty unless a test provokes one. */
  readonly failures: readonly string[];
  /** As someone else, or as nobody. */
  as(token: string | undefined): TestAgent;
  close(): Promise<void>;
}

/** Starts one; give `databaseUrl` and `token` for a second process over the same database. */
export async function startTestApp(
  options: {
    databaseUrl?: string;
    replicaUrl?: string;
    token?: string;
    pool?: WorkPool;
    keys?: SigningKeys;
    retention?: RetentionRule;
    publicUrl?: string;
    webhooks?: Partial<WebhookSettings>;
    deadlineMs?: number;
    timeouts?: Timeouts;
  } = {},
): Promise<TestApp> {
  const own = options.databaseUrl === undefined ? await createTestDatabase() : undefined;
  const databaseUrl = options.databaseUrl ?? own!.url;
  const database = new Database({ url: databaseUrl, poolSize: 10, graceMs: 900_000, onError: () => undefined });
  const { replicaUrl } = options;
  const replica = replicaUrl && new Database({ url: replicaUrl, poolSize: 10, onError: () => undefined });
  const notifications = new Notifications(databaseUrl, () => undefined);
  const failures: string[] = [];
  const log = pino({ level: 'error' }, { write: (line) => void failures.push(line) });
  const pool = options.pool ?? new WorkPool();
  const { keys = NO_KEYS, retention = {}, publicUrl, deadlineMs = 60_000, timeouts = TIMEOUTS } = options;
  const webhooks = { ...NO_WEBHOOKS, ...options.webhooks };
  const resources = {
    database,
    replica: replica || undefined,
    notifications,
    pool,
    keys,
    log,
    retention,
    publicUrl,
    webhooks,
  };
  const app = await createApp({ ...resources, deadlineMs, timeouts, version: 'test' });
  await notifications.open();
  const token = options.token ?? (await adminToken(app, database));
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const as = (secret: string | undefined): TestAgent => {
    const agent = supertest.agent(url);
    return secret === undefined ? agent : agent.set('authorization', `Bearer ${secret}`);
  };
  const close = async () => {
    await app.close();
    await pool.close();
    await notifications.close();
    await database.close();
    if (replica) await replica.close();
    await own?.drop();
  };
  return { app, database, databaseUrl, url, token, request: as(token), failures, as, close };
}

async function adminToken(app: NestFastifyApplication, database: Database): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-token-'));
  try {
    const token = await ensureAdminToken(database, app.get(TokenStore), join(folder, 'admin-token'));
    if (token === undefined) throw new Error('the test database has an admin token already');
    return token;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
