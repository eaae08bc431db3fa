import { requireScope } from '../../platform/context.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { Relation } from '../../platform/graphql/relation.js';
import type { Page } from '../../platform/http/page.js';
import type { Paging } from '../../platform/resource/resource.service.js';
import type { DeliveryPage, DeliveryState, DeliveryStore, ListedDelivery } from '../../store/delivery.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import type { WebhookKey, WebhookKeyStore } from '../../store/webhook-key.store.js';
import { deliveryList } from './delivery-list.js';

/** What belongs to many webhooks, each in one round trip. */
export class WebhookLoader {
  readonly keys: Relation<readonly WebhookKey[]>;
  /** The key is the page that is asked for, as JSON. */
  private readonly pages: Relation<readonly ListedDelivery[]>;

  constructor(units: UnitOfWork, keys: WebhookKeyStore, deliveries: DeliveryStore) {
    const sql = units.sql(units.reader);
    this.keys = new Relation(async (webhooks) => {
      const found = await keys.ofWebhooks(sql, webhooks);
      return (webhook) => found.get(webhook) ?? [];
    });
    this.pages = new Relation(async (asked) => {
      const found = await deliveries.pages(
        sql,
        asked.map((key) => JSON.parse(key) as DeliveryPage),
      );
      const byKey = new Map(asked.map((key, n) => [key, found[n] ?? []]));
      return (key) => byKey.get(key) ?? [];
    });
  }

  async deliveries(
    gql: GraphQLContext,
    webhook: string,
    state: DeliveryState | undefined,
    paging: Paging,
  ): Promise<Page<ListedDelivery>> {
    requireScope(gql.ctx, 'admin');
    const list = deliveryList(webhook, state, paging);
    return list.page(await this.pages.load(gql, JSON.stringify(list.asked)));
  }
}
