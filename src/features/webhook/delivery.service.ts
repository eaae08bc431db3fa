import { refuse } from '../../domain/errors.js';
import { dnsLabel, quote } from '../../domain/model/names.js';
import { testEvent } from '../../domain/webhook/event.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import type { Page } from '../../platform/http/page.js';
import { notFound, type Paging } from '../../platform/resource/resource.service.js';
import { parseOrRefuse } from '../../schema/parse.js';
import { nothingSchema } from '../../schema/webhook.js';
import type { Db } from '../../store/database.js';
import type { Delivery, DeliveryState, DeliveryStore, ListedDelivery } from '../../store/delivery.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import type { WebhookStore } from '../../store/webhook.store.js';
import { deliveryList } from './delivery-list.js';

const ID = /^msg_[0-9a-f]{32}$/;

/** What was sent to receivers and what came of it; to send it again, or something to try with. No part of the model, and not in the change log. */
export class DeliveryService {
  constructor(
    private readonly units: UnitOfWork,
    private readonly deliveries: DeliveryStore,
    private readonly webhooks: WebhookStore,
  ) {}

  /** Newest first. */
  async list(
    ctx: RequestContext,
    webhook: string,
    state: DeliveryState | undefined,
    paging: Paging,
  ): Promise<Page<ListedDelivery>> {
    requireScope(ctx, 'admin');
    await this.find(this.units.reader, webhook);
    const list = deliveryList(webhook, state, paging);
    const [rows = []] = await this.deliveries.pages(this.units.sql(this.units.reader), [list.asked]);
    return list.page(rows);
  }

  async get(ctx: RequestContext, webhook: string, id: string): Promise<Delivery> {
    requireScope(ctx, 'admin');
    await this.find(this.units.reader, webhook);
    const sql = this.units.sql(this.units.reader);
    const delivery = ID.test(id) ? await this.deliveries.get(sql, webhook, id) : undefined;
    if (delivery === undefined) throw notFound(`delivery ${quote(id)} of webhook "${webhook}"`);
    return delivery;
  }

  /** Sends it again, with the same id and body, as if it were new; one that waits is sent at once. Refuses (invalid) where the webhook is disabled. */
  async replay(ctx: RequestContext, webhook: string, id: string, raw: unknown = {}): Promise<Delivery> {
    requireScope(ctx, 'admin');
    parseOrRefuse(nothingSchema, raw, 'the replay');
    return this.units.write(ctx, ['replay', webhook, id], async (db) => {
      await this.holdEnabled(db, webhook);
      const delivery = ID.test(id) ? await this.deliveries.replay(this.units.sql(db), webhook, id) : undefined;
      if (delivery === undefined) throw notFound(`delivery ${quote(id)} of webhook "${webhook}"`);
      return delivery;
    });
  }

  /** Sends an event that says nothing, at once and once. Refuses (invalid) where the webhook is disabled. */
  async test(ctx: RequestContext, webhook: string, raw: unknown = {}): Promise<Delivery> {
    requireScope(ctx, 'admin');
    parseOrRefuse(nothingSchema, raw, 'the test');
    return this.units.write(ctx, ['test', webhook], async (db) => {
      await this.holdEnabled(db, webhook);
      const event = testEvent(webhook, ctx.actor, ctx.now.toISOString());
      return this.deliveries.add(this.units.sql(db), webhook, event, ctx.trace?.headers);
    });
  }

  private async holdEnabled(db: Db, name: string): Promise<void> {
    const { enabled } = await this.find(db, name);
    const detail = `webhook "${name}" is disabled, so nothing is sent: enable it first`;
    refuse(enabled ? [] : [{ pointer: '#', code: 'webhook-disabled', detail }], `webhook "${name}"`);
  }

  private async find(db: Db, name: string) {
    const standing = dnsLabel(name) === undefined ? await this.webhooks.get(db, { name }) : undefined;
    if (standing === undefined) throw notFound(`webhook ${quote(name)}`);
    return standing.value;
  }
}
