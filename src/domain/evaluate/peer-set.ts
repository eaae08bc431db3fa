import type { NetworkPolicyPeer } from '../kubernetes/network-policy.js';
import type { Family } from '../model/cidr.js';
import type { PodsInBlock } from './address-index.js';
import { budget } from './budget.js';
import { intervalsOf, pairsOf, type Intervals } from './intervals.js';
import type { PodClass } from './pod-class.js';
import { rangesInBlock, type AddressRange } from './ranges.js';
import { selectorKey } from './selector.js';
import { FEW, type Select } from './select.js';

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
  if (space.classes.length <= FEW) return setsOfFew(space);
  const known = new Map<string, PeerSet>();
  const spend = budget(MAX_MEMBERS, 'pods in the peers of its rules');
  const idOf = peerIds();
  const meaningOf = meanings(space);
  return (namespace, peers = []) => {
    const ids = peers.map((peer) => idOf(namespace, peer));
    const key = ids.length === 0 ? '*' : ids.length === 1 ? String(ids[0]) : [...ids].sort((a, b) => a - b).join();
    const found = known.get(key);
    if (found !== undefined) return found;
    const each = (): Meaning[] => peers.map((peer, index) => meaningOf(ids[index] ?? -1, namespace, peer));
    const set = { id: known.size, ...(key === '*' ? anyone(space) : together(each())) };
    for (const { classes } of set.parts) spend(classes.size);
    known.set(key, set);
    return set;
  };
}

/** For so few pods, looking each list up anew costs less than finding that it was looked up before. */
function setsOfFew(space: PeerSpace): ReturnType<typeof peerSets> {
  let made = 0;
  return (namespace, peers = []) => {
    const meant = (): Meaning[] => peers.map((peer) => meaningIn(space, namespace, peer));
    return { id: made++, ...(peers.length === 0 ? anyone(space) : together(meant())) };
  };
}

/** Equal numbers for peers that mean the same. Most rules name the same few peers, which are mostly one object: its text is made once. */
function peerIds(): (namespace: string, peer: NetworkPolicyPeer) => number {
  const byObject = new Map<NetworkPolicyPeer, number>();
  const byText = new Map<string, number>();
  return (namespace, peer) => {
    const known = byObject.get(peer);
    if (known !== undefined) return known;
    const text = peerText(namespace, peer);
    const id = byText.get(text) ?? byText.size;
    byText.set(text, id);
    if (peer.namespaceSelector !== undefined || peer.ipBlock !== undefined) byObject.set(peer, id);
    return id;
  };
}

function peerText(namespace: string, { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer): string {
  if (ipBlock !== undefined) return JSON.stringify([ipBlock.cidr, ...(ipBlock.except ?? [])]);
  const where = namespaceSelector === undefined ? `=${namespace}` : selectorKey(namespaceSelector);
  return JSON.stringify({ where, pods: podSelector === undefined ? '|' : selectorKey(podSelector) });
}

/** No list, or an empty one: every pod, and every address outside. */
function anyone({ classes, ranges }: PeerSpace): Omit<PeerSet, 'id'> {
  const parts: PodPart[] = [{ family: 'any', classes: new Set(classes.map(({ id }) => id)) }];
  return { parts, ranges: ranges.length === 0 ? [] : [0, ranges.length - 1] };
}

/** Whom one peer means. */
interface Meaning {
  readonly pods: readonly { readonly id: number; readonly family: PodPart['family'] }[];
  readonly ranges: Intervals;
}

/** Looks each peer up once, by its number. */
function meanings(space: PeerSpace): (id: number, namespace: string, peer: NetworkPolicyPeer) => Meaning {
  const known = new Map<number, Meaning>();
  return (id, namespace, peer) => {
    const found = known.get(id) ?? meaningIn(space, namespace, peer);
    known.set(id, found);
    return found;
  };
}

const NOBODY: Meaning = { pods: [], ranges: [] };

function meaningIn(space: PeerSpace, namespace: string, peer: NetworkPolicyPeer): Meaning {
  const { ipBlock } = peer;
  if (ipBlock === undefined) {
    const found = space.select(namespace, peer);
    return found.length === 0 ? NOBODY : { pods: found.map((id) => ({ id, family: 'any' })), ranges: [] };
  }
  return { pods: space.inBlock(ipBlock), ranges: rangesInBlock(space.ranges, ipBlock) };
}

function together(meanings: readonly Meaning[]): Omit<PeerSet, 'id'> {
  const classes = { any: new Set<number>(), IPv4: new Set<number>(), IPv6: new Set<number>() };
  const covered: [number, number][] = [];
  for (const { pods, ranges } of meanings) {
    for (const { id, family } of pods) classes[family].add(id);
    if (ranges.length > 0) for (const pair of pairsOf(ranges)) covered.push(pair);
  }
  const parts = (['any', 'IPv4', 'IPv6'] as const).map((family): PodPart => ({ family, classes: classes[family] }));
  return { parts: parts.filter((part) => part.classes.size > 0), ranges: intervalsOf(covered) };
}
