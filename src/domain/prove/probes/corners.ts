import type { Declared } from '../declared/declared.js';
import { tiersByNamespace, type DeclaredTier } from '../declared/declared-tier.js';
import { allowsNothing, complement, exactly, meetRules, PRESENT } from '../pods/label-rule.js';
import { outside, type Outside } from '../pods/outside.js';
import {
  areApart,
  holdsPod,
  isNobody,
  meetSets,
  NAME_KEY,
  NAMESPACE_NAME,
  podSet,
  setOf,
  type Pods,
  type PodSet,
} from '../pods/pod-set.js';
import type { Overlaps } from './overlaps.js';

/**
 * Pods just beside a tier: with another value for one of its labels, and with its labels in a namespace that nobody manages. They are
 * only rules: nobody asks which of them are the same.
 */
export function nearMisses({ set }: DeclaredTier, unmanaged: string): readonly Pods[] {
  const near = [{ rules: new Map(set.rules).set(NAME_KEY, exactly(unmanaged)) }];
  for (const [key, rule] of set.rules) {
    if (!key.startsWith('pod ')) continue;
    const broken = complement(rule);
    const other = meetRules(broken, PRESENT);
    near.push({ rules: new Map(set.rules).set(key, allowsNothing(other) ? broken : other) });
  }
  return isNobody(set) ? near.filter(({ rules }) => !isNobody(setOf(rules))) : near;
}

/** Pods of nobody: any of each managed namespace, and where a pod without labels is of a tier, one that is of none. */
export function strangers({ tiers, namespaces }: Declared): readonly Outside[] {
  const byNamespace = tiersByNamespace(tiers);
  return namespaces.flatMap((namespace) => {
    const every = podSet(namespace, {});
    const sets = (byNamespace.get(namespace) ?? []).map(({ set }) => set);
    const isTaken = sets.some((set) => holdsPod(set, { [NAMESPACE_NAME]: namespace }, {}));
    return [{ kind: 'found' as const, pods: every }, ...(isTaken ? [outside(every, sets)] : [])];
  });
}

/** Looked for among the tiers that could share pods, at most: what is left open then is told. */
const WAYS_MAX = 20_000;

/**
 * Of tiers that could share pods: pods of each alone, and of every choice of them that has pods which are of no other. A pod of two tiers may do what
 * either may, so what one of them lacks shows with pods alone that are of no tier which has it.
 */
export function sharedPods({ pairs }: Overlaps): readonly Outside[] {
  const near = nearOf(pairs);
  const rank = new Map([...near.keys()].map((tier, at) => [tier, at]));
  const rankOf = (tier: DeclaredTier): number => rank.get(tier) ?? 0;
  const alone = [...near].map(([tier, others]) => outside(tier.set, setsOf([...others])));
  let left = WAYS_MAX;
  const together = pairs.flatMap(([one, other]) => {
    const both = meetSets(one.set, other.set);
    if (left <= 0) return [{ kind: 'found' as const, pods: both }, { kind: 'unknown' as const }];
    const second = Math.max(rankOf(one), rankOf(other));
    const others = sharedOf(near, one, other).filter(({ set }) => !areApart(both, set));
    // The two that come first: every choice is looked for once.
    const [before, after] = [
      others.filter((tier) => rankOf(tier) < second),
      others.filter((tier) => rankOf(tier) > second),
    ];
    const found: Outside[] = [];
    for (const way of choices(both, setsOf(before), setsOf(after))) {
      found.push(way);
      if (--left > 0) continue;
      found.push({ kind: 'found', pods: both }, { kind: 'unknown' });
      break;
    }
    return found;
  });
  return [...alone, ...together];
}

type Near = ReadonlyMap<DeclaredTier, ReadonlySet<DeclaredTier>>;

function nearOf(pairs: Overlaps['pairs']): Near {
  const near = new Map<DeclaredTier, Set<DeclaredTier>>();
  const add = (tier: DeclaredTier, other: DeclaredTier): void => {
    const known = near.get(tier);
    if (known === undefined) near.set(tier, new Set([other]));
    else known.add(other);
  };
  for (const [one, other] of pairs) {
    add(one, other);
    add(other, one);
  }
  return near;
}

/** The tiers that could share pods with each of two. */
function sharedOf(near: Near, one: DeclaredTier, other: DeclaredTier): DeclaredTier[] {
  const [fewer, more] = [near.get(one) ?? new Set(), near.get(other) ?? new Set()].sort((a, b) => a.size - b.size);
  return [...(fewer ?? [])].filter((tier) => more?.has(tier));
}

function setsOf(tiers: readonly DeclaredTier[]): PodSet[] {
  return tiers.map(({ set }) => set);
}

/** Pods of `set` and of none of `without`, for every choice of `others` that has some: of those that are chosen, and of none of the rest. */
function* choices(set: PodSet, without: readonly PodSet[], others: readonly PodSet[]): Generator<Outside> {
  const found = outside(set, without);
  if (found.kind !== 'found') {
    if (found.kind === 'unknown') yield found;
    return;
  }
  const [next, ...rest] = others;
  if (next === undefined) return yield found;
  if (areApart(set, next)) return yield* choices(set, without, rest);
  yield* choices(set, [...without, next], rest);
  yield* choices(meetSets(set, next), without, rest);
}
