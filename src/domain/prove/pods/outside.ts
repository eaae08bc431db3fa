import { allowsNothing, ANY_LABEL, complement, meetRules } from './label-rule.js';
import { areApart, isNobody, narrow, type PodSet } from './pod-set.js';

/** Sets looked at in one search, at most: what is left open then is told. */
const LOOKS_MAX = 20_000;
/** The search goes one call deeper for each of the others. */
const OTHERS_MAX = 2_000;

/** Pods that are in a set and in none of others; `none` where there are none, `unknown` where the search was given up. */
export type Outside =
  { readonly kind: 'found'; readonly pods: PodSet } | { readonly kind: 'none' } | { readonly kind: 'unknown' };

/**
 * Looks for pods of `set` that none of `others` holds, among all pods that could ever be. Takes one of the others away after
 * the other: what is left of a set without another one is a set for each rule of the other, in which that rule is broken.
 * @example outside(everyPodOfShop, [webOfShop]) // { kind: 'found', pods: those of shop without app=web }
 */
export function outside(set: PodSet, others: readonly PodSet[]): Outside {
  if (isNobody(set)) return { kind: 'none' };
  const near = others.filter((other) => !areApart(set, other));
  let looks = 0;
  const search = (rest: PodSet, from: number): Outside => {
    let index = from;
    while (index < near.length && areApart(rest, near[index] ?? rest)) index++;
    looks += index - from + 1;
    const other = near[index];
    if (other === undefined) return { kind: 'found', pods: rest };
    if (looks > LOOKS_MAX) return { kind: 'unknown' };
    let givenUp = false;
    for (const [key, rule] of other.rules) {
      const broken = complement(rule);
      if (allowsNothing(meetRules(rest.rules.get(key) ?? ANY_LABEL, broken))) continue;
      const found = search(narrow(rest, key, broken), index + 1);
      if (found.kind === 'found') return found;
      givenUp ||= found.kind === 'unknown';
    }
    return { kind: givenUp ? 'unknown' : 'none' };
  };
  return near.length > OTHERS_MAX ? { kind: 'unknown' } : search(set, 0);
}
