import type { Direction } from '../../evaluate/grants.js';
import type { DeclaredRule, DeclaredTier } from '../declared/declared-tier.js';
import { EVERY_POD, isNobody, type PodSet } from '../pods/pod-set.js';
import type { Split } from '../pods/split.js';
import type { RenderedPolicy } from '../rendered/rendered-policy.js';
import type { RenderedRules } from '../rendered/rendered-rules.js';

/** Pods at the other end, in parts (pods/split.ts), and on which ports. */
export interface PodsOnPorts {
  readonly pods: readonly PodSet[];
  readonly ports: number;
}

/** What is declared and what is rendered for the same pods in one direction. */
export interface SidePair {
  readonly declared: readonly PodsOnPorts[];
  readonly rendered: readonly PodsOnPorts[];
}

const DIRECTIONS: readonly Direction[] = ['egress', 'ingress'];

/** Brings together what tiers declare and what objects say of the same pods: mostly of one tier, and in one object. */
export function sidePairs(
  tiers: readonly DeclaredTier[],
  policies: readonly RenderedPolicy[],
  rulesOf: RenderedRules,
  split: Split,
): SidePair[] {
  type Pair = Record<keyof SidePair, PodsOnPorts[]>;
  const pairs = { egress: new Map<string, Pair>(), ingress: new Map<string, Pair>() };
  const at = (direction: Direction, { key }: PodSet): Pair => {
    const known = pairs[direction].get(key) ?? { declared: [], rendered: [] };
    pairs[direction].set(key, known);
    return known;
  };
  for (const { set, rules } of tiers.filter((tier) => !isNobody(tier.set)))
    for (const direction of DIRECTIONS)
      at(direction, set).declared.push(...rules[direction].map((rule) => podsOf(rule, split)));
  for (const policy of policies.filter(({ set }) => !isNobody(set)))
    for (const direction of policy.directions) at(direction, policy.set).rendered.push(...rulesOf(policy, direction));
  return [...pairs.egress.values(), ...pairs.ingress.values()];
}

function podsOf({ end, ports }: DeclaredRule, split: Split): PodsOnPorts {
  switch (end.kind) {
    case 'everyone':
      return { pods: [EVERY_POD], ports };
    case 'pods':
      return { pods: split(end.pods), ports };
    case 'addresses':
      return { pods: [], ports };
  }
}
