import type { Direction } from '../../evaluate/grants.js';
import { portRules, type PortRule } from '../../evaluate/port-rule.js';
import { compareText } from '../../errors.js';
import { formatField, type FieldPath } from '../../kubernetes/fields.js';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../kubernetes/network-policy.js';
import type { PodLookup } from './pod-lookup.js';
import { reaching, type Reach } from './reach.js';

/** A policy taken apart for the rules, with what its selectors match among the manifests. */
export interface LintedPolicy {
  readonly ref: string;
  readonly policy: NetworkPolicy;
  readonly namespace: string;
  /** The directions that its policyTypes name. */
  readonly directions: readonly Direction[];
  readonly selects: readonly number[];
  /** The rules of those directions. */
  readonly rules: readonly LintedRule[];
}

export interface LintedRule {
  readonly direction: Direction;
  readonly path: FieldPath;
  /** Nothing: anyone. */
  readonly peers: readonly LintedPeer[] | undefined;
  /** None: every port of every protocol. */
  readonly ports: readonly NetworkPolicyPort[];
  readonly opens: PortRule;
}

export interface LintedPeer {
  readonly path: FieldPath;
  readonly peer: NetworkPolicyPeer;
  readonly reach: Reach;
}

/** By namespace and name. */
export function lintedPolicies(policies: readonly NetworkPolicy[], lookup: PodLookup): LintedPolicy[] {
  const reachOf = reaching(lookup);
  const opensOf = portRules('range');
  const take = (policy: NetworkPolicy): LintedPolicy => {
    const { namespace, name } = policy.metadata;
    const { spec } = policy;
    const directions = DIRECTIONS.filter((direction) => spec.policyTypes.includes(TYPES[direction]));
    const rules = directions.flatMap((direction) =>
      plainRules(policy, direction).map(({ peers, ports = [] }, index): LintedRule => {
        const path = ['spec', direction, index];
        const key = direction === 'ingress' ? 'from' : 'to';
        const linted = peers?.map((peer, at) => ({ path: [...path, key, at], peer, reach: reachOf(namespace, peer) }));
        return { direction, path, peers: linted?.length === 0 ? undefined : linted, ports, opens: opensOf(ports) };
      }),
    );
    const selects = lookup.inNamespace(namespace, spec.podSelector);
    return { ref: `${namespace}/${name}`, policy, namespace, directions, selects, rules };
  };
  return policies.map(take).sort((a, b) => compareText(a.ref, b.ref));
}

const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/** How policyTypes call a direction. */
export const TYPES = { ingress: 'Ingress', egress: 'Egress' } as const;

interface PlainRule {
  readonly peers: readonly NetworkPolicyPeer[] | undefined;
  readonly ports: readonly NetworkPolicyPort[] | undefined;
}

function plainRules({ spec }: NetworkPolicy, direction: Direction): PlainRule[] {
  return direction === 'ingress'
    ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
    : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
}

/**
 * Where a field of a policy stands, as kubectl would call it.
 * @example placeOf(policy, ['spec', 'ingress', 0]) // 'shop/db spec.ingress[0]'
 */
export function placeOf({ ref }: LintedPolicy, path: FieldPath): string {
  return `${ref} ${formatField(path)}`;
}
