/** What a cache did so far, and what it holds. */
export interface CacheState {
  readonly hits: number;
  readonly misses: number;
  readonly entries: number;
  /** Where it counts them. */
  readonly bytes?: number;
}

/** The caches of this process: a closed list. */
export const CACHES = {
  versions: 'published versions, without their bytes',
  contents: 'bytes of published versions',
  tokens: 'tokens that were asked for in the last seconds',
  editions: 'editions made ready for questions',
  parts: 'YAML that was read for a proof',
} as const;

export type CacheName = keyof typeof CACHES;

export const NOTHING_CACHED: CacheState = { hits: 0, misses: 0, entries: 0 };

/** Counts what a cache did: two numbers, as it is asked with every request. */
export class CacheTally {
  hits = 0;
  misses = 0;

  /** With what the cache holds now. */
  state(held: { readonly entries: number; readonly bytes?: number }): CacheState {
    return { hits: this.hits, misses: this.misses, ...held };
  }
}

/** Several caches of one kind as one: those of the threads, for instance. */
export function together(states: readonly CacheState[]): CacheState {
  return states.reduce((sum, one) => {
    const bytes =
      sum.bytes === undefined && one.bytes === undefined ? {} : { bytes: (sum.bytes ?? 0) + (one.bytes ?? 0) };
    return { hits: sum.hits + one.hits, misses: sum.misses + one.misses, entries: sum.entries + one.entries, ...bytes };
  }, NOTHING_CACHED);
}
