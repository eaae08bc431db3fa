import { randomUUID } from 'node:crypto';
import type { Signature } from '../../domain/model/webhook.js';
import { compact } from '../../store/compact.js';
import type { SecretBox } from '../../platform/keys/secret-box.js';
import { newWebhookSecret, signatureOf } from '../../platform/webhook/webhook-secret.js';
import type { Claimed } from '../../store/delivery.store.js';
import type { Sql } from '../../store/sql.js';
import type { WebhookKey, WebhookKeyStore } from '../../store/webhook-key.store.js';

/** What a receiver verifies with: `secret` is shown once. */
export interface Shown {
  readonly secret?: string;
  readonly publicKey?: string;
}

/** The keys of webhooks: made, sealed, and opened to sign with. */
export class WebhookKeys {
  constructor(
    private readonly store: WebhookKeyStore,
    private readonly box: SecretBox,
  ) {}

  /** Of the keys that open what is sealed here. */
  get opens(): readonly string[] {
    return this.box.names;
  }

  async add(sql: Sql, webhook: string, signature: Signature, createdBy: string): Promise<[WebhookKey, Shown]> {
    const { bytes, secret, publicKey } = newWebhookSecret(signature);
    const id = randomUUID();
    const kept = this.box.seal(bytes, contextOf(webhook, id));
    const key = await this.store.insert(sql, { webhook, id, ...kept, publicKey, createdBy });
    return [key, compact({ secret, publicKey })];
  }

  /** The key before goes on signing for some hours; those before it no longer. */
  async rotate(
    sql: Sql,
    webhook: string,
    signature: Signature,
    { createdBy, keepHours }: { readonly createdBy: string; readonly keepHours: number },
  ): Promise<[WebhookKey, Shown]> {
    await this.store.retire(sql, webhook, keepHours);
    return this.add(sql, webhook, signature, createdBy);
  }

  ofWebhooks(sql: Sql, webhooks: readonly string[]): Promise<Map<string, WebhookKey[]>> {
    return this.store.ofWebhooks(sql, webhooks);
  }

  /** The headers of an attempt: signed with every key that is valid, the newest first. */
  headersOf({ id, body, webhook, signature, keys }: Claimed, at: Date): Record<string, string> {
    const timestamp = Math.floor(at.getTime() / 1000);
    const signatures = keys.map((key) =>
      signatureOf(signature, this.box.open(key, contextOf(webhook, key.id)), { id, timestamp, body }),
    );
    return {
      'content-type': 'application/json',
      'user-agent': 'Sluice',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatures.join(' '),
    };
  }
}

function contextOf(webhook: string, id: string): string {
  return `${webhook}/${id}`;
}
