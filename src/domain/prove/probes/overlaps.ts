import type { Declared } from '../declared/declared.js';
import { tiersByNamespace, type DeclaredTier } from '../declared/declared-tier.js';
import { mostTellingKey, singleValue } from '../pods/near.js';
import { areApart, isNobody } from '../pods/pod-set.js';

/** Pairs compared in one namespace, and in all of them, at most. */
const PAIRS_MAX = 20_000;
const ALL_PAIRS_MAX = 400_000;

/** Two tiers of one namespace that could share a pod. */
export type Overlap = readonly [DeclaredTier, DeclaredTier];

export interface Overlaps {
  readonly pairs: readonly Overlap[];
  /** Namespaces with too many tiers that no label tells apart at first sight: not all pairs were compared. */
  readonly unchecked: readonly string[];
}

/** Finds the tiers of each namespace that could share a pod. Labels that have one value in each tier keep most pairs apart. */
export function findOverlaps({ tiers, namespaces }: Declared): Overlaps {
  const pairs: Overlap[] = [];
  const unchecked: string[] = [];
  const byNamespace = tiersByNamespace(tiers.filter(({ set }) => !isNobody(set)));
  let left = ALL_PAIRS_MAX;
  for (const namespace of namespaces) {
    const end = left - PAIRS_MAX;
    for (const [one, other] of candidates(byNamespace.get(namespace) ?? [])) {
      if (--left <= Math.max(end, 0)) {
        unchecked.push(namespace);
        break;
      }
      if (!areApart(one.set, other.set)) pairs.push([one, other]);
    }
  }
  return { pairs, unchecked };
}

/** The pairs that the most telling label does not keep apart. */
function* candidates(tiers: readonly DeclaredTier[]): Generator<Overlap> {
  const key = mostTellingKey(tiers.map(({ set }) => set));
  const byValue = new Map<string, DeclaredTier[]>();
  const loose: DeclaredTier[] = [];
  for (const [index, tier] of tiers.entries()) {
    const value = singleValue(tier.set, key);
    const same = value === undefined ? [] : (byValue.get(value) ?? []);
    for (const other of value === undefined ? tiers.slice(0, index) : [...same, ...loose]) yield [other, tier];
    if (value === undefined) loose.push(tier);
    else if (same.push(tier) === 1) byValue.set(value, same);
  }
}
