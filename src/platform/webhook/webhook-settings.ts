import type { WebhookConfig } from '../config.js';
import { DELIVERY_DAYS } from '../delivery-days.js';
import { PLAIN_BOX, type SecretBox } from '../keys/secret-box.js';
import type { ExchangeRules } from './exchange.js';
import { systemResolve } from './guarded-lookup.js';

/** How receivers are told, and what of the machine is needed for it. */
export interface WebhookSettings extends ExchangeRules {
  /** What secrets are sealed with. */
  readonly box: SecretBox;
  /** After how many days a delivery is forgotten. */
  readonly days: number;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** For all of an attempt. */
const TIMEOUT_MS = 15_000;

export function webhookSettings(
  { allow, days }: Pick<WebhookConfig, 'allow' | 'days'>,
  box: SecretBox,
): WebhookSettings {
  const machine = { resolve: systemResolve, now: () => new Date(), random: Math.random };
  return { allow, days, box, timeoutMs: TIMEOUT_MS, ...machine };
}

export const NO_WEBHOOKS = webhookSettings({ allow: [], days: DELIVERY_DAYS }, PLAIN_BOX);
