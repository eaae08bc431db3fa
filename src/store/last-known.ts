import { isAway } from './away.js';

/** For so long the database is not asked again by everyone, once it did not answer: those who ask would all wait for the same. */
const REST_MS = 1_000;
const KNOWN_MAX = 2_000;

export interface LastKnownOptions {
  /** How old an answer may be that stands in for a new one; 0: none may. */
  readonly graceMs: number;
  /** Milliseconds that only go forward. */
  readonly now?: () => number;
}

interface Known {
  readonly value: unknown;
  readonly at: number;
}

/**
 * What the database said last, for reads that may go on while it does not answer: what is published, and who may read it. It is always asked
 * first, so nothing here is used while it answers; and what was never asked, or too long ago, fails as the database does.
 */
export class LastKnown {
  /** When an answer was last taken from here, by `now`; -Infinity: never. */
  usedAt = -Infinity;
  /** When the database last gave one. */
  answeredAt = -Infinity;
  private readonly known = new Map<string, Known>();
  private restUntil = -Infinity;
  readonly now: () => number;

  constructor(private readonly options: LastKnownOptions) {
    this.now = options.now ?? (() => performance.now());
  }

  /** Reads, or gives what was read under this key before. Throws what `read` throws, where that is no failure of the database or nothing is known. */
  async read<T>(key: string, read: () => Promise<T>): Promise<T> {
    const began = this.now();
    const known = this.young(key, began);
    if (known !== undefined && began < this.restUntil) return this.use<T>(known);
    try {
      const value = await read();
      this.restUntil = -Infinity;
      this.answeredAt = this.now();
      this.keep(key, value, began);
      return value;
    } catch (error) {
      if (!isAway(error)) throw error;
      this.restUntil = this.now() + REST_MS;
      const still = this.young(key, this.now());
      if (still === undefined) throw error;
      return this.use<T>(still);
    }
  }

  /** Forgets all that was read under keys that begin so. */
  forget(prefix: string): void {
    for (const key of this.known.keys()) if (key.startsWith(prefix)) this.known.delete(key);
  }

  private young(key: string, now: number): Known | undefined {
    const known = this.known.get(key);
    return known !== undefined && now - known.at < this.options.graceMs ? known : undefined;
  }

  private use<T>({ value }: Known): T {
    this.usedAt = this.now();
    return value as T;
  }

  /** The oldest are let go first: those that are too old to be used, and those that are too many. */
  private keep(key: string, value: unknown, at: number): void {
    if (this.options.graceMs === 0) return;
    this.known.delete(key);
    this.known.set(key, { value, at });
    for (const [oldest, { at: since }] of this.known) {
      if (this.known.size <= KNOWN_MAX && at - since < this.options.graceMs) return;
      this.known.delete(oldest);
    }
  }
}
