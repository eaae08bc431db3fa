import type { NetworkPolicyPeer } from '../kubernetes/network-policy.js';
import { budget } from './budget.js';
import { intervalsOf, pairsOf, type Intervals } from './intervals.js';
import type { PeerPods, PodsOfPeer } from './peer-pods.js';
import type { PodClass } from './pod-class.js';
import { rangesInBlock, type AddressRange } from './ranges.js';
import { FEW, type Select } from './select.js';

/** Pods that a rule matches, and over which family. */
export interface PodPart {
  readonly family: PeerPods['family'];
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
  readonly podsOf: PodsOfPeer;
  readonly ranges: readonly AddressRange[];
}

/** Whom a rule's `from` or `to` means, in the namespace of its policy. */
type PeerSets = (namespace: string, peers: readonly NetworkPolicyPeer[] | undefined) => PeerSet;

const MAX_MEMBERS = 10_000_000;

/** Reads a rule's `from` or `to`, each distinct list once. */
export function peerSets(space: PeerSpace): PeerSets {
  if (space.classes.length <= FEW) return setsOfFew(space);
  const known = new Map<string, PeerSet>();
  const ranges = new Map<number, Intervals>();
  const spend = budget(MAX_MEMBERS, 'pods in the peers of its rules');
  const rangesOf = ({ id }: PeerPods, peer: NetworkPolicyPeer): Intervals => {
    const found = ranges.get(id) ?? rangesOfPeer(space, peer);
    ranges.set(id, found);
    return found;
  };
  return (namespace, peers = []) => {
    const meant = peers.map((peer) => space.podsOf(namespace, peer));
    const key = keyOf(meant);
    const found = known.get(key);
    if (found !== undefined) return found;
    const set = peers.length === 0 ? anyone(space, known.size) : together(known.size, peers, meant, rangesOf);
    for (const { classes } of set.parts) spend(classes.size);
    known.set(key, set);
    return set;
  };
}

/** For so few pods, looking each list up anew costs less than finding that it was looked up before. */
function setsOfFew(space: PeerSpace): PeerSets {
  let made = 0;
  const rangesOf: RangesOf = (_, peer) => rangesOfPeer(space, peer);
  return (namespace, peers = []) => {
    if (peers.length === 0) return anyone(space, made++);
    return together(
      made++,
      peers,
      peers.map((peer) => space.podsOf(namespace, peer)),
      rangesOf,
    );
  };
}

/** The same for lists of the same peers, whatever their order. */
function keyOf(meant: readonly PeerPods[]): string {
  const [first] = meant;
  if (first === undefined) return '*';
  if (meant.length === 1) return String(first.id);
  return meant
    .map(({ id }) => id)
    .sort((a, b) => a - b)
    .join();
}

/** No list, or an empty one: every pod, and every address outside. */
function anyone({ classes, ranges }: PeerSpace, id: number): PeerSet {
  const parts: PodPart[] = [{ family: 'any', classes: new Set(classes.map((pods) => pods.id)) }];
  return { id, parts, ranges: ranges.length === 0 ? NO_RANGES : [0, ranges.length - 1] };
}

type RangesOf = (pods: PeerPods, peer: NetworkPolicyPeer) => Intervals;

const NO_RANGES: Intervals = [];

function rangesOfPeer({ ranges }: PeerSpace, { ipBlock }: NetworkPolicyPeer): Intervals {
  return ipBlock === undefined ? NO_RANGES : rangesInBlock(ranges, ipBlock);
}

function together(
  id: number,
  peers: readonly NetworkPolicyPeer[],
  meant: readonly PeerPods[],
  rangesOf: RangesOf,
): PeerSet {
  const parts = (['any', 'IPv4', 'IPv6'] as const).flatMap((family) => partOf(family, meant));
  const covered = peers.flatMap((peer, index) => {
    const pods = meant[index];
    return peer.ipBlock === undefined || pods === undefined ? [] : pairsOf(rangesOf(pods, peer));
  });
  return { id, parts, ranges: covered.length === 0 ? NO_RANGES : intervalsOf(covered) };
}

function partOf(family: PodPart['family'], meant: readonly PeerPods[]): PodPart | readonly [] {
  const ofFamily = meant.filter((one) => one.family === family && one.classes.length > 0);
  if (ofFamily.length === 0) return [];
  const classes = new Set<number>();
  for (const one of ofFamily) for (const id of one.classes) classes.add(id);
  return { family, classes };
}
