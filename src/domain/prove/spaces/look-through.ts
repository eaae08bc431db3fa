import type { DeclaredTier } from '../declared/declared-tier.js';
import type { Outside } from '../pods/outside.js';
import type { PodSet } from '../pods/pod-set.js';
import { counterexamples } from '../probes/counterexamples.js';
import { sidePairs } from '../probes/sides.js';
import type { RenderedPolicy } from '../rendered/rendered-policy.js';
import type { RenderedRules } from '../rendered/rendered-rules.js';
import type { Tables } from '../tables.js';

/** What sides are looked through with. */
export interface Looking extends Pick<Tables, 'split' | 'numbers'> {
  readonly rulesOf: RenderedRules;
}

/**
 * Looks once at every side of some tiers and objects: for the parts of every set that something names, and for pods with which what is declared
 * and what is rendered differ.
 */
export function lookThrough(
  tiers: readonly DeclaredTier[],
  policies: readonly RenderedPolicy[],
  { rulesOf, split, numbers }: Looking,
): { readonly parts: ReadonlySet<PodSet>; readonly differing: readonly Outside[] } {
  const parts = new Set<PodSet>();
  const differing: Outside[] = [];
  for (const { set } of [...tiers, ...policies]) for (const part of split(set)) parts.add(part);
  for (const pair of sidePairs(tiers, policies, rulesOf, split, numbers)) {
    for (const side of [pair.declared, pair.rendered]) for (const part of side.keys()) parts.add(part);
    for (const found of counterexamples(pair, numbers)) differing.push(found);
  }
  return { parts, differing };
}
