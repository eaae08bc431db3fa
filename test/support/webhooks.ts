import { expect } from 'vitest';
import { DeliverySender } from '../../src/features/webhook/delivery.sender.js';
import type { TestApp } from './app.js';

/** A clock that a test turns on: the sender sees this one. */
export class TurnedClock {
  private aheadMs = 0;
  readonly now = (): Date => new Date(Date.now() + this.aheadMs);

  /** Later, by the clock of `sluice`: what is due then is sent. */
  turn(ms: number, ...apps: readonly TestApp[]): void {
    this.aheadMs += ms;
    for (const { app } of apps) app.get(DeliverySender).wake();
  }
}

/** For `expect.poll`; each look is a request, which takes time from what is waited for. */
const PATIENT = { timeout: 25_000, interval: 40 };

/** Waits until a delivery is so, and gives it. */
export async function deliveryOnce(
  sluice: TestApp,
  webhook: string,
  id: string,
  holds: (delivery: any) => boolean,
): Promise<any> {
  const get = async () => (await sluice.request.get(`/v1/webhooks/${webhook}/deliveries/${id}`).expect(200)).body;
  let last: any;
  await expect.poll(async () => holds((last = await get())), PATIENT).toBe(true);
  return last;
}

/** Waits for so many attempts. */
export function afterAttempts(sluice: TestApp, webhook: string, id: string, count: number): Promise<any> {
  return deliveryOnce(sluice, webhook, id, ({ attempts }) => attempts.length >= count);
}

/** Sends a test event, and gives its delivery as it stands then. */
export async function sendTest(sluice: TestApp, webhook: string): Promise<any> {
  return (await sluice.request.post(`/v1/webhooks/${webhook}/test`).expect(202)).body;
}

export { PATIENT };
