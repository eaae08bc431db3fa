import type { Addresses } from '../declared/addresses.js';
import type { DeclaredRule, DeclaredTier } from '../declared/declared-tier.js';
import type { End } from '../declared/ends.js';
import type { PodSet } from '../pods/pod-set.js';

/** True where the same is declared for the sides of the same tiers, port sets by the same numbers. By which flow does not count. */
export function sameTiers(ones: readonly DeclaredTier[], others: readonly DeclaredTier[]): boolean {
  return sameList(ones, others, sameTier);
}

function sameTier(a: DeclaredTier, b: DeclaredTier): boolean {
  return (
    a.ref === b.ref &&
    a.namespace === b.namespace &&
    samePods(a.set, b.set) &&
    sameList(a.rules.egress, b.rules.egress, sameRule) &&
    sameList(a.rules.ingress, b.rules.ingress, sameRule)
  );
}

function sameRule(a: DeclaredRule, b: DeclaredRule): boolean {
  return a.ports === b.ports && sameEnd(a.end, b.end);
}

function sameEnd(a: End, b: End): boolean {
  switch (a.kind) {
    case 'everyone':
      return b.kind === 'everyone';
    case 'pods':
      return b.kind === 'pods' && samePods(a.pods, b.pods);
    case 'addresses':
      return b.kind === 'addresses' && sameAddresses(a.addresses, b.addresses);
  }
}

function samePods(a: PodSet, b: PodSet): boolean {
  return a === b || a.key === b.key;
}

function sameAddresses(a: Addresses, b: Addresses): boolean {
  return (
    a === b ||
    (sameList(a.cidrs, b.cidrs, (one, other) => one === other) &&
      sameList(
        a.ranges,
        b.ranges,
        (one, other) => one.family === other.family && one.first === other.first && one.last === other.last,
      ))
  );
}

/** True where two lists have the same in the same order. */
export function sameList<T>(ones: readonly T[], others: readonly T[], same: (one: T, other: T) => boolean): boolean {
  return (
    ones === others ||
    (ones.length === others.length &&
      ones.every((one, index) => {
        const other = others[index];
        return other !== undefined && same(one, other);
      }))
  );
}
