import type { Declared } from '../declared/declared.js';
import { tiersByNamespace, type DeclaredTier } from '../declared/declared-tier.js';
import { allowsNothing, complement, exactly, meetRules, PRESENT } from '../pods/label-rule.js';
import { outside, type Outside } from '../pods/outside.js';
import {
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

/** Of tiers that could share pods: pods of the one alone, of the other alone, and of both. */
export function sharedPods({ pairs }: Overlaps): readonly Outside[] {
  const near = new Map<DeclaredTier, PodSet[]>();
  const add = (tier: DeclaredTier, other: PodSet): unknown =>
    near
      .set(tier, near.get(tier) ?? [])
      .get(tier)
      ?.push(other);
  for (const [one, other] of pairs) {
    add(one, other.set);
    add(other, one.set);
  }
  const alone = [...near].map(([tier, sets]) => outside(tier.set, sets));
  return [...alone, ...pairs.map(([one, other]) => ({ kind: 'found' as const, pods: meetSets(one.set, other.set) }))];
}
