import type { Direction } from '../../evaluate/grants.js';
import { portRules } from '../../evaluate/port-rule.js';
import type { NetworkPolicyPeer } from '../../kubernetes/network-policy.js';
import type { LabelSelector } from '../../model/selector.js';
import type { PortNumbers } from '../port-numbers.js';
import { EVERY_POD, podSet, type PodSet } from '../pods/pod-set.js';
import type { Split } from '../pods/split.js';
import type { RenderedPolicy } from './rendered-policy.js';

/** Pods that one rule of an object names, in parts, and its ports by number. Addresses need no such reading: ranges cover them all. */
export interface RenderedRule {
  readonly pods: readonly PodSet[];
  readonly ports: number;
}

/** Reads the rules of an object in one direction. */
export type RenderedRules = (policy: RenderedPolicy, direction: Direction) => readonly RenderedRule[];

/**
 * Reads which pods the objects name. It decides nothing: it is only used to choose the pods that the evaluator is asked about.
 * @example renderedRules(numbers, splitter())(policy, 'egress')[0]?.pods
 */
export function renderedRules(numbers: PortNumbers, split: Split): RenderedRules {
  const partsOf = peerParts(split);
  const ruleOf = portRules('range');
  return ({ namespace, policy: { spec } }, direction) => {
    const rules =
      direction === 'ingress'
        ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
        : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
    return rules.map(({ peers = [], ports }) => ({
      pods:
        peers.length === 0
          ? [EVERY_POD]
          : peers.flatMap((peer) => (peer.ipBlock === undefined ? partsOf(peer, namespace) : [])),
      // Names of ports stand for nothing here: they are an objection.
      ports: numbers.of(ruleOf(ports).fixed),
    }));
  };
}

/** Without a namespaceSelector: the object's own namespace. Equal peers are read once; mostly they are one object. */
function peerParts(split: Split): (peer: NetworkPolicyPeer, namespace: string) => readonly PodSet[] {
  const byObject = new Map<NetworkPolicyPeer, readonly PodSet[]>();
  const byText = new Map<string, readonly PodSet[]>();
  return (peer, namespace) => {
    const known = byObject.get(peer);
    if (known !== undefined) return known;
    const { namespaceSelector, podSelector = {} } = peer;
    const where = namespaceSelector === undefined ? namespace : selectorText(namespaceSelector);
    const text = `${where}\n${selectorText(podSelector)}`;
    const parts = byText.get(text) ?? split(podSet(namespaceSelector ?? namespace, podSelector));
    byText.set(text, parts);
    if (namespaceSelector !== undefined) byObject.set(peer, parts);
    return parts;
  };
}

/** Different for different selectors: valid keys and values have none of the signs between them. */
function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  let text = '{';
  for (const key of Object.keys(matchLabels)) text += `${key}=${matchLabels[key]},`;
  for (const { key, operator, values = [] } of matchExpressions) text += `${key} ${operator} ${values.join()};`;
  return text;
}
