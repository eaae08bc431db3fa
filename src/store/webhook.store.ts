import { type Signature, type Webhook } from '../domain/model/webhook.js';
import { compact } from './compact.js';
import type { Db } from './database.js';
import { DELIVERIES_CHANNEL } from './deliveries-channel.js';
import type { WebhookModel } from './generated/models.js';
import {
  afterName,
  describedColumns,
  describedOf,
  type Filter,
  type Key,
  type ModelStore,
  type Stored,
  type Window,
} from './model-store.js';

const withParts = { environments: { orderBy: { environmentName: 'asc' } } } as const;
const WEBHOOKS = { include: withParts, orderBy: { name: 'asc' }, relationLoadStrategy: 'join' } as const;

/** Every write tells the processes at the commit: what waits may be due now, or for somewhere else. */
export class WebhookStore implements ModelStore<Webhook> {
  readonly fromRow = toWebhook as (row: unknown) => Stored<Webhook>;

  async get(db: Db, key: Key): Promise<Stored<Webhook> | undefined> {
    const where = { name: key['name']! };
    const row = await db.webhook.findUnique({ where, include: withParts, relationLoadStrategy: 'join' });
    return row ? toWebhook(row) : undefined;
  }

  async list(db: Db, _filter: Filter, window: Window): Promise<Stored<Webhook>[]> {
    return (await db.webhook.findMany({ ...WEBHOOKS, where: afterName(window), take: window.take })).map(toWebhook);
  }

  async insert(db: Db, value: Webhook, revision: bigint): Promise<void> {
    await db.webhook.create({ data: { name: value.name, ...columns(value), revision } });
    await insertEnvironments(db, value);
  }

  /** What a receiver asked for holds for what it was: after a change it is tried again. */
  async replace(db: Db, value: Webhook, revision: bigint): Promise<void> {
    await db.webhookEnvironment.deleteMany({ where: { webhookName: value.name } });
    await db.webhook.update({ where: { name: value.name }, data: { ...columns(value), resumeAt: null, revision } });
    await insertEnvironments(db, value);
    await db.$executeRawUnsafe(`NOTIFY ${DELIVERIES_CHANNEL}`);
  }

  async remove(db: Db, key: Key): Promise<void> {
    await db.webhook.delete({ where: { name: key['name']! } });
  }

  async referrers(): Promise<string[]> {
    return [];
  }
}

function columns({ url, environments, enabled, signature, ...described }: Webhook) {
  return { url, everywhere: environments === undefined, enabled, signature, ...describedColumns(described) };
}

async function insertEnvironments(db: Db, { name, environments = [] }: Webhook): Promise<void> {
  const data = environments.map((environmentName) => ({ webhookName: name, environmentName }));
  if (data.length > 0) await db.webhookEnvironment.createMany({ data });
}

function toWebhook(
  row: Omit<WebhookModel, 'resumeAt'> & { environments: { environmentName: string }[] },
): Stored<Webhook> {
  const { name, url, enabled, signature, revision } = row;
  const environments = row.everywhere ? null : row.environments.map((at) => at.environmentName);
  const kind = signature as Signature;
  const value = { name, url, ...compact({ environments }), enabled, signature: kind, ...describedOf(row) };
  return { value, revision: Number(revision) };
}
