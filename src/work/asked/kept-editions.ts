import { type CacheState, CacheTally } from '../../seeing/cache-tally.js';
import type { AskedEdition } from './asked-edition.js';

/**
 * What is kept in all: editions, and flows and tiers in them. An estate of 10,000 tiers and 100,000 flows takes some 290 MB with its
 * snapshot and objects: of such, one is kept.
 */
const EDITIONS_MAX = 32;
const WEIGHT_MAX = 150_000;

interface Kept {
  readonly revision: number;
  readonly edition: Promise<AskedEdition>;
  weight: number;
}

/**
 * Editions made ready for questions. A version never changes, so what was made of its blobs is right for ever; a draft is right while
 * the model's revision stands. The least recently asked are let go first.
 */
export class KeptEditions {
  private readonly kept = new Map<string, Kept>();
  private readonly tally = new CacheTally();

  get state(): CacheState {
    return this.tally.state({ entries: this.kept.size });
  }

  /** What is kept under the key and is not older than the revision; else what `make` gives, once for all who ask meanwhile. */
  async get(key: string, revision: number, make: () => Promise<AskedEdition>): Promise<AskedEdition> {
    const known = this.kept.get(key);
    this.kept.delete(key);
    const standing = known !== undefined && known.revision >= revision ? known : undefined;
    if (standing === undefined) this.tally.misses++;
    else this.tally.hits++;
    const kept = standing ?? { revision, edition: make(), weight: 0 };
    this.kept.set(key, kept);
    try {
      const edition = await kept.edition;
      kept.weight = edition.weight;
      this.letGo();
      return edition;
    } catch (error) {
      if (this.kept.get(key) === kept) this.kept.delete(key);
      throw error;
    }
  }

  /** The one that was asked last stays, however large it is. */
  private letGo(): void {
    let weight = [...this.kept.values()].reduce((sum, one) => sum + one.weight, 0);
    for (const [key, one] of this.kept) {
      if (this.kept.size <= 1 || (this.kept.size <= EDITIONS_MAX && weight <= WEIGHT_MAX)) return;
      this.kept.delete(key);
      weight -= one.weight;
    }
  }
}
