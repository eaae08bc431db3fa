import type { Direction } from '../../evaluate/grants.js';
import type { DeclaredRule, DeclaredTier } from '../declared/declared-tier.js';
import { EVERY_POD, isNobody, type PodSet } from '../pods/pod-set.js';
import type { Split } from '../pods/split.js';
import { NONE, type PortNumbers } from '../port-numbers.js';
import type { RenderedPolicy } from '../rendered/rendered-policy.js';
import type { RenderedRules } from '../rendered/rendered-rules.js';

/** Pods at the other end in parts (pods/split.ts), with the ports of all that name them. */
export type Parts = ReadonlyMap<PodSet, number>;

/** What is declared and what is rendered for the same pods in one direction. */
export interface SidePair {
  readonly declared: Parts;
  readonly rendered: Parts;
}

const DIRECTIONS: readonly Direction[] = ['egress', 'ingress'];

/** Brings together what tiers declare and what objects say of the same pods: mostly of one tier, and in one object. */
export function sidePairs(
  tiers: readonly DeclaredTier[],
  policies: readonly RenderedPolicy[],
  rulesOf: RenderedRules,
  split: Split,
  numbers: PortNumbers,
): SidePair[] {
  type Pair = Record<keyof SidePair, Map<PodSet, number>>;
  const pairs = { egress: new Map<string, Pair>(), ingress: new Map<string, Pair>() };
  const at = (direction: Direction, { key }: PodSet): Pair => {
    const known = pairs[direction].get(key);
    if (known !== undefined) return known;
    const pair = { declared: new Map<PodSet, number>(), rendered: new Map<PodSet, number>() };
    pairs[direction].set(key, pair);
    return pair;
  };
  const add = (to: Map<PodSet, number>, parts: readonly PodSet[], ports: number): void => {
    for (const part of parts) to.set(part, numbers.union(to.get(part) ?? NONE, ports));
  };
  for (const { set, rules } of tiers) {
    if (isNobody(set)) continue;
    for (const direction of DIRECTIONS) {
      const { declared } = at(direction, set);
      for (const rule of rules[direction]) add(declared, partsOf(rule, split), rule.ports);
    }
  }
  for (const policy of policies) {
    if (isNobody(policy.set)) continue;
    for (const direction of policy.directions) {
      const { rendered } = at(direction, policy.set);
      rulesOf(policy, direction, (parts, ports) => {
        add(rendered, parts, ports);
      });
    }
  }
  return [...pairs.egress.values(), ...pairs.ingress.values()];
}

const EVERYONE: readonly PodSet[] = [EVERY_POD];
const NOBODY: readonly PodSet[] = [];

function partsOf({ end }: DeclaredRule, split: Split): readonly PodSet[] {
  switch (end.kind) {
    case 'everyone':
      return EVERYONE;
    case 'pods':
      return split(end.pods);
    case 'addresses':
      return NOBODY;
  }
}
