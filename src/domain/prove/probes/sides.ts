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

/** Tiers and objects that select the same pods: mostly one tier, and one object a direction. */
interface SamePods {
  readonly tiers: DeclaredTier[];
  readonly policies: RenderedPolicy[];
}

const DIRECTIONS: readonly Direction[] = ['egress', 'ingress'];

/** Brings together what tiers declare and what objects say of the same pods, one pair after the other: who takes them need not keep them. */
export function* sidePairs(
  tiers: readonly DeclaredTier[],
  policies: readonly RenderedPolicy[],
  rulesOf: RenderedRules,
  split: Split,
  numbers: PortNumbers,
): Generator<SidePair> {
  const groups = samePods(tiers, policies);
  for (const direction of DIRECTIONS) {
    for (const same of groups) {
      const [declared, rendered] = [new Map<PodSet, number>(), new Map<PodSet, number>()];
      const addTo = (all: Map<PodSet, number>, parts: readonly PodSet[], ports: number): void => {
        for (const part of parts) all.set(part, numbers.union(all.get(part) ?? NONE, ports));
      };
      for (const { rules } of same.tiers)
        for (const rule of rules[direction]) addTo(declared, partsOf(rule, split), rule.ports);
      for (const policy of same.policies)
        if (policy.directions.includes(direction))
          rulesOf(policy, direction, (parts, ports) => {
            addTo(rendered, parts, ports);
          });
      yield { declared, rendered };
    }
  }
}

function samePods(tiers: readonly DeclaredTier[], policies: readonly RenderedPolicy[]): readonly SamePods[] {
  const groups = new Map<string, SamePods>();
  const at = ({ key }: PodSet): SamePods => {
    const known = groups.get(key);
    if (known !== undefined) return known;
    const begun: SamePods = { tiers: [], policies: [] };
    groups.set(key, begun);
    return begun;
  };
  for (const tier of tiers) if (!isNobody(tier.set)) at(tier.set).tiers.push(tier);
  for (const policy of policies) if (!isNobody(policy.set)) at(policy.set).policies.push(policy);
  return [...groups.values()];
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
