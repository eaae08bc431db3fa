import { type BundleStore, PUBLISHES_CHANNEL } from './bundle.store.js';
import type { Database } from './database.js';
import type { Notifications } from './notifications.js';

/** Who waits, as the metrics tell them apart. */
export const WAITER_KINDS = ['poll', 'events', 'subscription'] as const;
export type WaiterKind = (typeof WAITER_KINDS)[number];

/** The number of a version that is newer, or that the process ends and nobody waits any longer. */
export type Arrival = number | 'closing';

const CHECK_MS = 1_000;
/** A connection can be dead with neither side knowing: so often the database is asked while it seems well. */
const ASK_MS = 30_000;
/** How many are told before others have their turn: what they do next takes its time. */
const SLICE = 100;

interface Waiter {
  readonly kind: WaiterKind;
  readonly after: number;
  /** Nothing once it was told, or let go. */
  tell: ((arrival: Arrival) => void) | undefined;
}

/**
 * The newest version of each environment, as publishes tell it to all processes (NOTIFY, at their commit), and who waits for a newer one. A
 * waiter holds no connection. What was told stays known: who reads a version and waits after that misses nothing in between. When the channel
 * comes back, and every second while it is away, the database is asked once for all.
 */
export class Arrivals {
  readonly counts: Record<WaiterKind, number> = { poll: 0, events: 0, subscription: 0 };
  private readonly newest = new Map<string, number>();
  private readonly waiting = new Map<string, Set<Waiter>>();
  private readonly released: [waiter: Waiter, arrival: Arrival][] = [];
  private releasing = false;
  private timer: NodeJS.Timeout | undefined;
  private asking: 'not' | 'once' | 'again' = 'not';
  private askedAt = 0;
  private closed = false;

  constructor(
    private readonly database: Database,
    private readonly notifications: Notifications,
    private readonly bundles: BundleStore,
  ) {
    notifications.on(PUBLISHES_CHANNEL, (payload) => this.told(payload));
  }

  /** Tells once that there is a version after `after` (0: any at all), at once where it is there; what it gives ends the wait untold. */
  wait(environment: string, after: number, kind: WaiterKind, tell: (arrival: Arrival) => void): () => void {
    const waiter: Waiter = { kind, after, tell };
    this.counts[kind]++;
    const newest = this.newest.get(environment) ?? 0;
    if (this.closed || newest > after) this.release([waiter], this.closed ? 'closing' : newest);
    else this.register(environment, waiter);
    return () => this.letGo(environment, waiter);
  }

  /** That a version is there, from whoever knows: those who wait for it are told. */
  learn(environment: string, version: number): void {
    if (version <= (this.newest.get(environment) ?? 0)) return;
    this.newest.set(environment, version);
    const ready = [...(this.waiting.get(environment) ?? [])].filter(({ after }) => after < version);
    for (const waiter of ready) this.remove(environment, waiter);
    this.release(ready, version);
  }

  /** For the end of the process: all that wait are told, and whoever comes after. */
  close(): void {
    this.closed = true;
    clearInterval(this.timer);
    for (const waiters of this.waiting.values()) this.release(waiters, 'closing');
    this.waiting.clear();
  }

  private register(environment: string, waiter: Waiter): void {
    const waiters = this.waiting.get(environment) ?? new Set();
    this.waiting.set(environment, waiters.add(waiter));
    this.timer ??= setInterval(() => this.check(), CHECK_MS).unref();
  }

  private letGo(environment: string, waiter: Waiter): void {
    if (waiter.tell === undefined) return;
    waiter.tell = undefined;
    this.counts[waiter.kind]--;
    this.remove(environment, waiter);
  }

  private remove(environment: string, waiter: Waiter): void {
    const waiters = this.waiting.get(environment);
    if (waiters?.delete(waiter) !== true || waiters.size > 0) return;
    this.waiting.delete(environment);
    if (this.waiting.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private told(payload: string): void {
    const [, environment, version] = /^(\S+) ([0-9]{1,9})$/.exec(payload) ?? [];
    if (environment === undefined) void this.ask();
    else this.learn(environment, Number(version));
  }

  private release(waiters: Iterable<Waiter>, arrival: Arrival): void {
    for (const waiter of waiters) this.released.push([waiter, arrival]);
    if (this.releasing || this.released.length === 0) return;
    this.releasing = true;
    setImmediate(() => this.tellSome());
  }

  private tellSome(): void {
    for (const [waiter, arrival] of this.released.splice(0, SLICE)) {
      const { tell, kind } = waiter;
      if (tell === undefined) continue;
      waiter.tell = undefined;
      this.counts[kind]--;
      tell(arrival);
    }
    this.releasing = this.released.length > 0;
    if (this.releasing) setImmediate(() => this.tellSome());
  }

  private check(): void {
    if (!this.notifications.connected || performance.now() - this.askedAt > ASK_MS) void this.ask();
  }

  /** One statement for all environments. Where the database does not answer, the next check asks again. */
  private async ask(): Promise<void> {
    if (this.asking !== 'not') {
      this.asking = 'again';
      return;
    }
    do {
      this.asking = 'once';
      this.askedAt = performance.now();
      try {
        const latest = await this.bundles.latestVersions(this.database.sql);
        for (const { environment, version } of latest) this.learn(environment, version);
      } catch {
        this.askedAt = -Infinity;
        break;
      }
    } while ((this.asking as string) === 'again');
    this.asking = 'not';
  }
}
