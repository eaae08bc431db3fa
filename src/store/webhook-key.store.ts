import { compact } from './compact.js';
import type { KeptSecret } from './kept-secret.js';
import type { Sql } from './sql.js';

/** A key of a webhook, without its secret. */
export interface WebhookKey {
  readonly id: string;
  readonly publicKey?: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt?: string;
}

export interface NewWebhookKey extends KeptSecret {
  readonly webhook: string;
  readonly id: string;
  readonly publicKey: string | undefined;
  readonly createdBy: string;
}

interface Row {
  readonly webhook: string;
  readonly id: string;
  readonly publicKey: string | null;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date | null;
}

const COLUMNS = `webhook, id, public_key AS "publicKey", created_at AS "createdAt", created_by AS "createdBy", expires_at AS "expiresAt"`;

/** What webhooks sign with. Secrets leave this store to be signed with alone: by DeliveryStore.claim. */
export class WebhookKeyStore {
  async insert(sql: Sql, key: NewWebhookKey): Promise<WebhookKey> {
    const { webhook, id, secret, sealedWith, publicKey, createdBy } = key;
    const rows = await sql<Row>(
      `INSERT INTO webhook_key (webhook, id, secret, sealed_with, public_key, created_at, created_by)
       VALUES ($1, $2, decode($3, 'hex'), $4, $5, clock_timestamp(), $6) RETURNING ${COLUMNS}`,
      [webhook, id, Buffer.from(secret).toString('hex'), sealedWith, publicKey ?? null, createdBy],
    );
    return toKey(rows[0]!);
  }

  /** Before a new one: the last key signs for some hours more, and those before it no longer. */
  async retire(sql: Sql, webhook: string, keepHours: number): Promise<void> {
    await sql(`DELETE FROM webhook_key WHERE webhook = $1 AND (expires_at IS NOT NULL OR $2::int = 0)`, [
      webhook,
      keepHours,
    ]);
    await sql(
      `UPDATE webhook_key SET expires_at = clock_timestamp() + $2::int * interval '1 hour' WHERE webhook = $1`,
      [webhook, keepHours],
    );
  }

  /** Those that sign, of many webhooks in one round trip: of each the newest first. */
  async ofWebhooks(sql: Sql, webhooks: readonly string[]): Promise<Map<string, WebhookKey[]>> {
    const rows = await sql<Row>(
      `SELECT ${COLUMNS} FROM webhook_key WHERE webhook = ANY($1::text[]) AND (expires_at IS NULL OR expires_at > clock_timestamp())
       ORDER BY webhook, created_at DESC, id`,
      [[...webhooks]],
    );
    const found = new Map<string, WebhookKey[]>(webhooks.map((webhook) => [webhook, []]));
    for (const row of rows) found.get(row.webhook)?.push(toKey(row));
    return found;
  }
}

function toKey({ id, publicKey, createdAt, createdBy, expiresAt }: Row): WebhookKey {
  const optional = compact({ publicKey, expiresAt: expiresAt?.toISOString() });
  return { id, createdAt: createdAt.toISOString(), createdBy, ...optional };
}
