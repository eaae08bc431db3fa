import type { IpBlock, NetworkPolicyPeer } from '../kubernetes/network-policy.js';
import type { Family } from '../model/cidr.js';
import { unionIntervals, type Intervals } from './intervals.js';
import type { PodClass } from './pod-class.js';
import { blockHolds, rangesInBlock, type AddressRange } from './ranges.js';
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
  readonly ranges: readonly AddressRange[];
  readonly ipBlockMatchesPods: boolean;
}

/** Reads a rule's `from` or `to` in the namespace of its policy, each distinct list once. */
export function peerSets(
  space: PeerSpace,
): (namespace: string, peers: readonly NetworkPolicyPeer[] | undefined) => PeerSet {
  const known = new Map<string, PeerSet>();
  return (namespace, peers) => {
    const key = peers === undefined || peers.length === 0 ? '*' : peersKey(namespace, peers);
    const found = known.get(key);
    if (found !== undefined) return found;
    const set = { id: known.size, ...(key === '*' ? anyone(space) : someone(space, namespace, peers ?? [])) };
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
  const selected = new Set<number>();
  let ranges: Intervals = [];
  const blocks: IpBlock[] = [];
  for (const peer of peers) {
    if (peer.ipBlock === undefined) for (const id of space.select(namespace, peer)) selected.add(id);
    else {
      blocks.push(peer.ipBlock);
      ranges = unionIntervals(ranges, rangesInBlock(space.ranges, peer.ipBlock));
    }
  }
  const byAddress = space.ipBlockMatchesPods && blocks.length > 0 ? podsInBlocks(space.classes, blocks) : [];
  const parts: PodPart[] = [{ family: 'any', classes: selected }, ...byAddress];
  return { parts: parts.filter(({ classes }) => classes.size > 0), ranges };
}

function podsInBlocks(classes: readonly PodClass[], blocks: readonly IpBlock[]): PodPart[] {
  return (['IPv4', 'IPv6'] as const).map((family) => {
    const holds = (pod: PodClass): boolean => blocks.some((block) => blockHoldsPod(block, family, pod));
    return { family, classes: new Set(classes.filter(holds).map(({ id }) => id)) };
  });
}

/** Only a block of all of IPv4 is sure to hold a pod whose address nobody knows. */
function blockHoldsPod(block: IpBlock, family: Family, pod: PodClass): boolean {
  if (pod.addresses.length > 0) {
    return pod.addresses.some((address) => address.family === family && blockHolds(block, family, address.value));
  }
  return (
    family === 'IPv4' && block.cidr.endsWith('/0') && (block.except ?? []).length === 0 && blockHolds(block, family, 0n)
  );
}
