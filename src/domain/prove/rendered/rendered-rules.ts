import type { Direction } from '../../evaluate/grants.js';
import { portRules } from '../../evaluate/port-rule.js';
import type { NetworkPolicyPeer, NetworkPolicyPort } from '../../kubernetes/network-policy.js';
import type { PortNumbers } from '../port-numbers.js';
import { EVERY_POD, type PodSet } from '../pods/pod-set.js';
import type { ReadPods } from '../pods/read-pods.js';
import type { Split } from '../pods/split.js';
import type { RenderedPolicy } from './rendered-policy.js';

/** Takes pods that a rule names, in parts, and the rule's ports by number. */
export type TakeParts = (parts: readonly PodSet[], ports: number) => void;

/** Reads the rules of an object in one direction. Addresses need no such reading: ranges cover them all. */
export type RenderedRules = (policy: RenderedPolicy, direction: Direction, take: TakeParts) => void;

const EVERYONE: readonly PodSet[] = [EVERY_POD];

/**
 * Reads which pods the objects name. It decides nothing: it is only used to choose the pods that the evaluator is asked about.
 * @example renderedRules(numbers, podReader(), splitter())(policy, 'egress', (parts, ports) => { ... })
 */
export function renderedRules(numbers: PortNumbers, read: ReadPods, split: Split): RenderedRules {
  const partsOf = peerParts(read, split);
  const ruleOf = portRules('range');
  // Names of ports stand for nothing here: they are an objection.
  const numberOf = (ports: readonly NetworkPolicyPort[] | undefined): number => numbers.of(ruleOf(ports).fixed);
  return ({ namespace, policy: { spec } }, direction, take) => {
    const rule = (peers: readonly NetworkPolicyPeer[] | undefined, ports: number): void => {
      if (peers === undefined || peers.length === 0) take(EVERYONE, ports);
      else for (const peer of peers) if (peer.ipBlock === undefined) take(partsOf(peer, namespace), ports);
    };
    if (direction === 'ingress') for (const { from, ports } of spec.ingress ?? []) rule(from, numberOf(ports));
    else for (const { to, ports } of spec.egress ?? []) rule(to, numberOf(ports));
  };
}

/** Without a namespaceSelector: the object's own namespace. Peers with one are looked up by identity: mostly, equal ones are one object. */
function peerParts(read: ReadPods, split: Split): (peer: NetworkPolicyPeer, namespace: string) => readonly PodSet[] {
  const known = new Map<NetworkPolicyPeer, readonly PodSet[]>();
  return (peer, namespace) => {
    const { namespaceSelector, podSelector = {} } = peer;
    if (namespaceSelector === undefined) return split(read(namespace, podSelector));
    const found = known.get(peer);
    if (found !== undefined) return found;
    const parts = split(read(namespaceSelector, podSelector));
    known.set(peer, parts);
    return parts;
  };
}
