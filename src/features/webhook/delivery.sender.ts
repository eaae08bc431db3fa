import { randomUUID } from 'node:crypto';
import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { SluiceError } from '../../domain/errors.js';
import { nextStep, type NextStep, type Outcome } from '../../domain/webhook/next-step.js';
import type { Metrics } from '../../platform/metrics/metrics.js';
import { exchange, type ExchangeRules } from '../../platform/webhook/exchange.js';
import type { Claimed, DeliveryStore } from '../../store/delivery.store.js';
import { headersOf, inSpan } from '../../seeing/span.js';
import { stepOf, type TraceHeaders } from '../../seeing/trace.js';
import type { Sql } from '../../store/sql.js';
import type { WebhookKeys } from './webhook-keys.js';
import type { WebhookService } from './webhook.service.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

/** How many deliveries a process sends at once, and of one webhook: a receiver that is slow holds no others up. */
const SLOTS = 64;
const PER_WEBHOOK = 4;

/** After that a process that took a delivery is taken to be gone: four times what an attempt may take, so clocks may differ by half a minute. */
const LEASE_MS = 60 * SECOND;

/** How long deliveries under way may go on when the process ends, before they are given back. */
const GRACE_MS = 5 * SECOND;

/** Where something is due and was not taken, as another process is just doing that, or the database is away: no sooner than that. */
const PAUSE_MS = SECOND;
const PAUSE_MAX_MS = 60 * SECOND;

/** What the sender works with. */
export interface SenderParts {
  readonly sql: Sql;
  readonly deliveries: DeliveryStore;
  readonly keys: WebhookKeys;
  readonly webhooks: Pick<WebhookService, 'switchOff'>;
  readonly metrics: Pick<Metrics, 'countDelivery'>;
}

export interface SenderSettings extends ExchangeRules {
  /** After how many days a delivery is forgotten. */
  readonly days: number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Told of what went wrong here, not at a receiver. */
  readonly report: (error: SluiceError, traceId: string) => void;
}

/**
 * Sends what is due. Each process has one: it is woken when something is written that may be due (NOTIFY), and by one timer for what is due later.
 * A delivery is taken by a lease, and sent with no transaction and no connection held: where the process dies the lease ends, and another sends it.
 */
export class DeliverySender {
  private readonly busy = new Map<string, number>();
  private readonly underWay = new Set<Promise<void>>();
  private readonly ending = new AbortController();
  private looking: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private lookAgain = false;
  private stopped = false;
  private failures = 0;
  private sweptAt = 0;

  constructor(
    private readonly parts: SenderParts,
    private readonly settings: SenderSettings,
  ) {}

  /** Something may be due. */
  wake(): void {
    if (this.stopped) return;
    this.lookAgain = true;
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
  }

  /** Takes nothing more. Nest calls it first of all when the application closes. */
  onModuleDestroy(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    setTimeout(() => this.ending.abort(), GRACE_MS).unref();
  }

  /** Nothing is under way when the database is closed: what did not end in time was given back. */
  async onApplicationShutdown(): Promise<void> {
    await this.looking;
    await Promise.all(this.underWay);
  }

  private async look(): Promise<void> {
    while (this.lookAgain && !this.stopped) {
      this.lookAgain = false;
      clearTimeout(this.timer);
      try {
        await this.take();
        await this.sleep();
        this.failures = 0;
      } catch (error) {
        const pause = Math.min(PAUSE_MS * 2 ** this.failures++, PAUSE_MAX_MS);
        this.tellFailure('deliveries that are due could not be looked for', error);
        this.wakeIn(pause);
      }
    }
  }

  private async take(): Promise<void> {
    const room = SLOTS - this.underWay.size;
    if (room <= 0) return;
    const { sql, deliveries, keys } = this.parts;
    const [now, lease] = [this.settings.now(), randomUUID()];
    const limits = { leaseMs: LEASE_MS, room, perWebhook: PER_WEBHOOK, busy: this.busy };
    const claimed = await deliveries.claim(sql, { now, lease, ...limits, opens: keys.opens });
    for (const delivery of claimed) this.begin(delivery);
  }

  /** Until the next is due. Where all slots are taken, or all of a webhook, those that end look again. */
  private async sleep(): Promise<void> {
    const { sql, deliveries, keys } = this.parts;
    const now = this.settings.now().getTime();
    if (now - this.sweptAt >= HOUR) {
      const more = await deliveries.dropOld(sql, new Date(now - this.settings.days * DAY));
      if (more) this.lookAgain = true;
      else this.sweptAt = now;
    }
    if (this.underWay.size >= SLOTS) return;
    const full = [...this.busy].filter(([, count]) => count >= PER_WEBHOOK).map(([webhook]) => webhook);
    const due = await deliveries.nextDue(sql, keys.opens, full);
    const wait = (due?.getTime() ?? Infinity) - now;
    this.wakeIn(wait > 0 ? Math.min(wait, HOUR) : PAUSE_MS);
  }

  private wakeIn(ms: number): void {
    clearTimeout(this.timer);
    if (this.stopped) return;
    this.timer = setTimeout(() => this.wake(), ms);
    this.timer.unref();
  }

  private begin(delivery: Claimed): void {
    const { webhook } = delivery;
    this.busy.set(webhook, (this.busy.get(webhook) ?? 0) + 1);
    const work = this.deliver(delivery)
      .catch((error: unknown) => this.tellFailure(`what came of delivery ${delivery.id} could not be stored`, error))
      .finally(() => {
        this.underWay.delete(work);
        const left = (this.busy.get(webhook) ?? 1) - 1;
        if (left > 0) this.busy.set(webhook, left);
        else this.busy.delete(webhook);
        this.wake();
      });
    this.underWay.add(work);
  }

  private async deliver(delivery: Claimed): Promise<void> {
    const at = this.settings.now();
    const outcome = await this.traced(delivery, at);
    const now = this.settings.now();
    if (outcome.kind === 'unanswered' && this.ending.signal.aborted)
      return this.parts.deliveries.giveBack(this.parts.sql, delivery, now);
    const step = nextStep(outcome, delivery.tries, delivery.type, this.settings.random());
    // First the pause: what is due of the same webhook must not go out in between.
    if (step.kind === 'again' && step.pauseMs !== undefined) await this.pause(delivery, now, step.pauseMs);
    if (await this.settle(delivery, { outcome, step, at, now })) await this.follow(delivery, step);
  }

  /** Part of the trace of whoever caused the delivery, for the receiver too. The address is not told beyond its host: what is behind may be a secret. */
  private traced(delivery: Claimed, at: Date): Promise<Outcome> {
    const { trace, url, webhook, tries } = delivery;
    const attributes = {
      ...{ 'http.request.method': 'POST', 'server.address': new URL(url).hostname },
      ...{ 'http.request.resend_count': tries - 1, 'sluice.webhook': webhook },
    };
    return inSpan('POST', { kind: SpanKind.CLIENT, attributes, parent: trace }, async (span) => {
      const outcome = await this.attempt(delivery, at, headersOf(span) ?? (trace && stepOf(trace)));
      tellOutcome(span, outcome);
      return outcome;
    });
  }

  private async attempt(delivery: Claimed, at: Date, trace: TraceHeaders | undefined): Promise<Outcome> {
    const { url, body, webhook } = delivery;
    let headers: Record<string, string>;
    try {
      headers = { ...this.parts.keys.headersOf(delivery, at), ...trace };
    } catch (error) {
      this.tellFailure(`the secret of webhook "${webhook}" cannot be opened`, error);
      return { kind: 'unanswered', error: 'it could not be signed: the secret cannot be opened; make a new key' };
    }
    return exchange({ url, headers, body, signal: this.ending.signal }, this.settings);
  }

  private settle(
    delivery: Claimed,
    { outcome, step, at, now }: { outcome: Outcome; step: NextStep; at: Date; now: Date },
  ): Promise<boolean> {
    const { state, dueAt } = standingAfter(step, now);
    const answer = outcome.kind === 'answered' ? { status: outcome.status } : { error: outcome.error };
    const said = { status: undefined, error: undefined, ...answer };
    return this.parts.deliveries.settle(this.parts.sql, delivery, { state, dueAt, at, now, ...said });
  }

  private pause({ webhook }: Claimed, now: Date, ms: number): Promise<void> {
    return this.parts.deliveries.pause(this.parts.sql, webhook, new Date(now.getTime() + ms));
  }

  /** What an attempt means beyond its own delivery. */
  private async follow({ webhook, revision }: Claimed, step: NextStep): Promise<void> {
    const { webhooks, metrics } = this.parts;
    metrics.countDelivery(step.kind === 'again' ? 'retried' : step.kind === 'delivered' ? 'delivered' : 'failed');
    if (step.kind === 'gone') await webhooks.switchOff(webhook, revision, 'the receiver answered 410 Gone');
  }

  private tellFailure(message: string, cause: unknown): void {
    if (!this.stopped) this.settings.report(new SluiceError('internal', message, [], { cause }), 'webhooks');
  }
}

/** As the conventions have it: an answer of 400 or more is an error, and so is none. */
function tellOutcome(span: Span | undefined, outcome: Outcome): void {
  if (span === undefined) return;
  const status = outcome.kind === 'answered' ? outcome.status : undefined;
  if (status !== undefined) span.setAttribute('http.response.status_code', status);
  if (status !== undefined && status < 400) return;
  span.setAttribute('error.type', status === undefined ? 'no answer' : String(status));
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function standingAfter(
  step: NextStep,
  now: Date,
): { state: 'pending' | 'delivered' | 'failed'; dueAt: Date | undefined } {
  if (step.kind === 'again') return { state: 'pending', dueAt: new Date(now.getTime() + step.afterMs) };
  return { state: step.kind === 'delivered' ? 'delivered' : 'failed', dueAt: undefined };
}
