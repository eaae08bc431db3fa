import { createHash } from 'node:crypto';
import { compareText, type Problem } from '../../domain/errors.js';
import type { Signature, Webhook } from '../../domain/model/webhook.js';
import type { ReadableLists } from '../../domain/validate/readable-lists.js';
import { webhookProblems } from '../../domain/validate/webhook.js';
import { loggedUrl } from '../../domain/webhook/webhook-url.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import type { Precondition } from '../../platform/http/preconditions.js';
import { ResourceService, type Written } from '../../platform/resource/resource.service.js';
import { parseOrRefuse } from '../../schema/parse.js';
import { rotationSchema, webhookSchema } from '../../schema/webhook.js';
import type { Db } from '../../store/database.js';
import type { EnvironmentStore } from '../../store/environment.store.js';
import type { Key } from '../../store/model-store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import type { WebhookKey } from '../../store/webhook-key.store.js';
import type { WebhookStore } from '../../store/webhook.store.js';
import type { Shown, WebhookKeys } from './webhook-keys.js';

/** Who the change log names where no token did it. */
const SELF = 'sluice-webhooks';

export type ShownWebhookKey = WebhookKey & Shown & { readonly signature: Signature };

/**
 * Webhooks are written as the objects of the model are, by admins, and read by them alone: for some receivers the address is a secret. What they sign
 * with is shown in the reply to its making and nowhere else: not to a replay of the same Idempotency-Key, nor in a dry run.
 */
export class WebhookService extends ResourceService<Webhook> {
  /** What was made with an object that is on its way to its client; a replay has another object. */
  private readonly shown = new WeakMap<object, Shown>();

  constructor(
    units: UnitOfWork,
    webhooks: WebhookStore,
    private readonly environments: EnvironmentStore,
    private readonly signing: WebhookKeys,
    /** CIDRs of networks inside which receivers may be. */
    private readonly allow: readonly string[],
  ) {
    const scopes = { scope: 'admin', readScope: 'admin' } as const;
    super({ kind: 'webhook', schema: webhookSchema, keyFields: ['name'], ...scopes }, webhooks, units);
  }

  override async create(ctx: RequestContext, raw: unknown, outer?: Key): Promise<Written<Webhook & Shown>> {
    return this.withSecret(ctx, await super.create(ctx, raw, outer));
  }

  override async put(
    ctx: RequestContext,
    key: Key,
    raw: unknown,
    precondition: Precondition,
  ): Promise<Written<Webhook & Shown>> {
    return this.withSecret(ctx, await super.put(ctx, key, raw, precondition));
  }

  /** Those that sign now, the newest first. */
  async keys(ctx: RequestContext, name: string): Promise<readonly ShownWebhookKey[]> {
    const { value } = await this.get(ctx, { name });
    const found = await this.signing.ofWebhooks(this.units.sql(this.units.reader), [name]);
    return (found.get(name) ?? []).map((key) => ({ ...key, signature: value.signature }));
  }

  /** Makes a new key. For `keepHours` the one before signs beside it, so that the receiver has time to learn the new one. */
  async rotateKey(ctx: RequestContext, name: string, raw: unknown = {}): Promise<ShownWebhookKey> {
    requireScope(ctx, 'admin');
    const { keepHours } = parseOrRefuse(rotationSchema, raw, `the rotation of webhook "${name}"`);
    const what = ['rotate', 'webhook', name, raw];
    const { signature } = (await this.get(ctx, { name })).value;
    const made = await this.units.writeModel(ctx, what, async (db) => {
      const { createdBy, sql } = { createdBy: ctx.actor, sql: this.units.sql(db) };
      const [key, shown] = await this.signing.rotate(sql, name, signature, { createdBy, keepHours });
      const result = { ...key, signature };
      this.shown.set(result, shown);
      const after = { webhook: name, ...result, keepHours };
      return { result, change: { resource: 'webhook-key', name: `${name}/${key.id}`, after } };
    });
    return { ...made, ...(ctx.dryRun ? {} : this.shown.get(made)) };
  }

  /** The receiver wants no more: nothing where the webhook is not what it was when the receiver said so. */
  async switchOff(name: string, revision: number, reason: string): Promise<void> {
    const writer = { actor: SELF, reason, dryRun: false, idempotencyKey: undefined };
    await this.units.writeModel(writer, ['switch off', name], async (db, stamp) => {
      const standing = await this.store.get(db, { name });
      if (standing?.revision !== revision || !standing.value.enabled) return { result: undefined };
      const off = { ...standing.value, enabled: false };
      await this.store.replace(db, off, stamp.revision);
      return { result: undefined, change: this.change({ name }, standing.value, off) };
    });
  }

  protected override asStored(webhook: Webhook): Webhook {
    const { environments } = webhook;
    return environments === undefined ? webhook : { ...webhook, environments: [...environments].sort(compareText) };
  }

  protected async rules(
    db: Db,
    parts: Partial<Webhook>,
    standing: Webhook | undefined,
    lists: ReadableLists<Webhook>,
  ): Promise<Problem[]> {
    const environments = lists.environments ?? [];
    const readable = environments.filter((name) => name !== undefined);
    const found = readable.length === 0 ? [] : await this.environments.byNames(db, readable);
    const known = new Set(found.map(({ value }) => value.name));
    const surroundings = { environments, known, standing, allow: this.allow };
    return webhookProblems({ name: parts.name ?? '', webhook: parts, ...surroundings });
  }

  protected override async inserted(db: Db, webhook: Webhook, ctx: RequestContext): Promise<void> {
    const [, shown] = await this.signing.add(this.units.sql(db), webhook.name, webhook.signature, ctx.actor);
    this.shown.set(webhook, shown);
  }

  protected override logged(webhook: Webhook): object {
    const fingerprint = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);
    return { ...webhook, url: loggedUrl(webhook.url, fingerprint) };
  }

  private withSecret({ dryRun }: RequestContext, written: Written<Webhook>): Written<Webhook & Shown> {
    return dryRun ? written : { ...written, value: { ...written.value, ...this.shown.get(written.value) } };
  }
}
