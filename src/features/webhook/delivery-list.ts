import { type Page, readPage, toPage } from '../../platform/http/page.js';
import type { Paging } from '../../platform/resource/resource.service.js';
import type { Delivery, DeliveryPage, DeliveryState, ListedDelivery } from '../../store/delivery.store.js';

/** What a bigint column takes. */
const KEY = /^[1-9][0-9]{0,17}$/;

/** What to ask the store for, and the page that its answer is. */
interface DeliveryList {
  readonly asked: DeliveryPage;
  readonly page: (rows: readonly ListedDelivery[]) => Page<ListedDelivery>;
}

/** One list for REST and GraphQL, so that the cursors of one lead on in the other. Refuses (malformed) the page token of another list. */
export function deliveryList(webhook: string, state: DeliveryState | undefined, paging: Paging): DeliveryList {
  const list = ['webhook delivery', webhook, { state }];
  const request = readPage(paging, list, KEY);
  return {
    asked: { webhook, state, after: request.after, take: request.size + 1 },
    page: (rows) => toPage(rows, request, list, ({ number }) => number),
  };
}

export function deliveryOf({ delivery }: ListedDelivery): Delivery {
  return delivery;
}
