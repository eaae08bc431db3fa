import type { NetworkPolicyPeer } from '../kubernetes/network-policy.js';
import type { Family } from '../model/cidr.js';
import type { PodsInBlock } from './address-index.js';
import { budget } from './budget.js';
import { intervalsOf, pairsOf, type Intervals } from './intervals.js';
import type { PodClass } from './pod-class.js';
import { rangesInBlock, type AddressRange } from './ranges.js';
import { selectorKey } from './selector.js';
import type { Select } from './select.js';

/** Pods that a rule matches, and over which family: selectors match over both, an ipBlock only over its own. */
export interface PodPart {
  readonly family: Family | 'any';
  readonly classes: ReadonlySet<number>;
}

/** Whom a rule means: pods, and ranges outside the cluster by their index in the partition of the rule's direction. */
export interface PeerSet {
  readonly id: number;
  readonly parts: readonly PodPart[];
  readonly ranges: Intervals;
}

/** What peers are looked up in: the classes, how to select them, and the ranges of one direction. */
export interface PeerSpace {
  readonly classes: readonly PodClass[];
  readonly select: Select;
  readonly inBlock: PodsInBlock;
  readonly ranges: readonly AddressRange[];
}

const MAX_MEMBERS = 10_000_000;

/** Reads a rule's `from` or `to` in the namespace of its policy, each distinct list once. */
export function peerSets(
  space: PeerSpace,
): (namespace: string, peers: readonly NetworkPolicyPeer[] | undefined) => PeerSet {
  const known = new Map<string, PeerSet>();
  const spend = budget(MAX_MEMBERS, 'pods in the peers of its rules');
  return (namespace, peers) => {
    const key = peers === undefined || peers.length === 0 ? '*' : peersKey(namespace, peers);
    const found = known.get(key);
    if (found !== undefined) return found;
    const set = { id: known.size, ...(key === '*' ? anyone(space) : someone(space, namespace, peers ?? [])) };
    for (const { classes } of set.parts) spend(classes.size);
    known.set(key, set);
    return set;
  };
}

function peersKey(namespace: string, peers: readonly NetworkPolicyPeer[]): string {
  const keys = peers.map(({ podSelector, namespaceSelector, ipBlock }) => {
    if (ipBlock !== undefined) return JSON.stringify([ipBlock.cidr, ...(ipBlock.except ?? [])]);
    const where = namespaceSelector === undefined ? `=${namespace}` : selectorKey(namespaceSelector);
    return JSON.stringify({ where, pods: podSelector === undefined ? '|' : selectorKey(podSelector) });
  });
  return keys.sort().join();
}

/** No list, or an empty one: every pod, and every address outside. */
function anyone({ classes, ranges }: PeerSpace): Omit<PeerSet, 'id'> {
  const parts: PodPart[] = [{ family: 'any', classes: new Set(classes.map(({ id }) => id)) }];
  return { parts, ranges: ranges.length === 0 ? [] : [0, ranges.length - 1] };
}

function someone(space: PeerSpace, namespace: string, peers: readonly NetworkPolicyPeer[]): Omit<PeerSet, 'id'> {
  const classes = { any: new Set<number>(), IPv4: new Set<number>(), IPv6: new Set<number>() };
  const covered: [number, number][] = [];
  for (const peer of peers) {
    if (peer.ipBlock === undefined) for (const id of space.select(namespace, peer)) classes.any.add(id);
    else {
      for (const { id, family } of space.inBlock(peer.ipBlock)) classes[family].add(id);
      for (const pair of pairsOf(rangesInBlock(space.ranges, peer.ipBlock))) covered.push(pair);
    }
  }
  const parts = (['any', 'IPv4', 'IPv6'] as const).map((family): PodPart => ({ family, classes: classes[family] }));
  return { parts: parts.filter((part) => part.classes.size > 0), ranges: intervalsOf(covered) };
}
