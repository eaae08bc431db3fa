import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../kubernetes/network-policy.js';
import { budget } from './budget.js';
import type { EvaluateOptions } from './options.js';
import { peerSets, type PeerSet, type PeerSpace } from './peer-set.js';
import { portRules, type PortRule } from './port-rule.js';

export type Direction = 'ingress' | 'egress';

/** The `from` or `to` of a rule. */
export type WrittenPeers = readonly NetworkPolicyPeer[] | undefined;

/** One rule of one policy, looked up: whom it lets in or out, and on which ports. */
export interface Grant {
  readonly peers: PeerSet;
  /** The same peers as they were written. */
  readonly written: WrittenPeers;
  readonly ports: PortRule;
}

/** What a policy says for one direction. `grants` are its rules in order. */
export interface Side {
  readonly policy: string;
  readonly namespace: string;
  readonly grants: readonly Grant[];
}

/** For one direction: the policies that isolate each class, by class id. A class without an entry is not isolated. */
export type Isolation = ReadonlyMap<number, readonly Side[]>;

const MAX_RULES = 10_000_000;

/** Looks up every policy's rules for one direction and hands them to the classes that the policy selects. */
export function isolation(
  direction: Direction,
  policies: readonly NetworkPolicy[],
  space: PeerSpace,
  options: EvaluateOptions,
): Isolation {
  const peersOf = peerSets(space);
  const portsOf = portRules(options.endPort);
  const sides = new Map<number, Side[]>();
  const spend = budget(MAX_RULES, 'rules that hold for pods');
  for (const { metadata, spec } of policies) {
    const { namespace, name } = metadata;
    const grants = eachRule(direction, spec, (written, ports) => ({
      peers: peersOf(namespace, written),
      written,
      ports: portsOf(ports),
    }));
    if (grants === undefined) continue;
    const side = { policy: `${namespace}/${name}`, namespace, grants };
    for (const id of space.select(namespace, { podSelector: spec.podSelector })) {
      spend(1 + grants.length);
      const list = sides.get(id);
      if (list === undefined) sides.set(id, [side]);
      else list.push(side);
    }
  }
  return sides;
}

/** Reads the rules of a direction; nothing where the policy does not have it in its policyTypes (rules it may hold are ignored then). */
function eachRule(
  direction: Direction,
  spec: NetworkPolicy['spec'],
  read: (peers: WrittenPeers, ports: readonly NetworkPolicyPort[] | undefined) => Grant,
): Grant[] | undefined {
  switch (direction) {
    case 'ingress':
      if (!spec.policyTypes.includes('Ingress')) return undefined;
      return (spec.ingress ?? []).map(({ from, ports }) => read(from, ports));
    case 'egress':
      if (!spec.policyTypes.includes('Egress')) return undefined;
      return (spec.egress ?? []).map(({ to, ports }) => read(to, ports));
  }
}
