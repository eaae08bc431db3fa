import type { AddressRange } from '../evaluate/ranges.js';
import type { Endpoint } from '../model/entities.js';
import type { Labels } from '../model/labels.js';
import { peerEnds, type End } from '../prove/declared/ends.js';
import { placedTiers, type PlacedTier } from '../prove/declared/tiers.js';
import { EVERY_POD, isNobody, type PodSet } from '../prove/pods/pod-set.js';
import { witnessesOf } from '../prove/pods/witness.js';
import { madeNamespaces, type MadeNamespaces } from '../prove/probes/namespaces.js';
import { partOfSnapshot } from './part-of-snapshot.js';
import type { Question, QuestionEnd } from './question.js';
import type { VerdictIndex } from './verdict-index.js';

/** A pod or a range of addresses that stands for an end. */
export type Part = PodPart | { readonly kind: 'range'; readonly range: AddressRange };

export interface PodPart {
  readonly kind: 'pod';
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
}

/** Why nothing stands for an end in this environment. */
export type Absence =
  | 'not-placed' // the application of the tier has no placement here
  | 'no-address' // a peer, or a tier placed outside, has no address here
  | 'no-pods'; // a selector contradicts itself

/** An end of a question where the environment has it. */
export type SeenEnd =
  | { readonly kind: 'there'; readonly end: QuestionEnd; readonly runs: Runs; readonly parts: readonly Part[] }
  | { readonly kind: 'absent'; readonly end: QuestionEnd; readonly absence: Absence };

/** `pods`: of a tier, whose side Sluice's objects decide. `peer-pods`: theirs it does not. `outside`: where no policy holds. */
export type Runs = 'pods' | 'peer-pods' | 'outside';

/**
 * What stands for the two ends of a question: for a tier a pod with the labels of the tier and no others, for a peer of pods such a
 * pod in a namespace that it names, for addresses their ranges, for anyone a pod of no tier and all addresses.
 * @example seenEnds(index, question).from // { kind: 'there', runs: 'pods', parts: [{ kind: 'pod', labels: { app: 'web' }, ... }] }
 */
export function seenEnds(
  index: VerdictIndex,
  { from, to }: Question,
): { readonly from: SeenEnd; readonly to: SeenEnd; readonly made: MadeNamespaces } {
  const placed = placedTiers(partOfSnapshot(index, [], [...endpointOf(from), ...endpointOf(to)]));
  const made = madeNamespaces(index.namespaces);
  const see = (end: QuestionEnd, other: QuestionEnd): SeenEnd => {
    switch (end.kind) {
      case 'tier':
        return seenTier(end, placed.get(end.tier), made);
      case 'peer':
        return seenPeer(index, end, other.kind === 'tier' ? placed.get(other.tier) : undefined, made);
      case 'addresses':
        return { kind: 'there', end, runs: 'outside', parts: [{ kind: 'range', range: end.range }] };
    }
  };
  const ends = [see(from, to), see(to, from)] as const;
  // The second end may ask for labels of the namespace that the first one stands in.
  const [source, destination] = [settled(ends[0], made), settled(ends[1], made)];
  return { from: source, to: destination, made };
}

function settled(seen: SeenEnd, made: MadeNamespaces): SeenEnd {
  if (seen.kind === 'absent') return seen;
  const parts = seen.parts.map((part) =>
    part.kind === 'pod' ? { ...part, namespaceLabels: made.labelsOf(part.namespace) } : part,
  );
  return { ...seen, parts };
}

/** The end as a flow would name it; nothing for addresses, which a flow cannot name. */
export function endpointOf(end: QuestionEnd): readonly Endpoint[] {
  switch (end.kind) {
    case 'tier':
      return [{ tier: end.tier }];
    case 'peer':
      return [{ peer: end.peer }];
    case 'addresses':
      return [];
  }
}

function seenTier(end: QuestionEnd, tier: PlacedTier | undefined, made: MadeNamespaces): SeenEnd {
  if (tier === undefined) return { kind: 'absent', end, absence: 'not-placed' };
  return seen(end, tier.end, tier.pods === undefined ? 'outside' : 'pods', made);
}

/** Pods of a peer may stand in the namespace of the other end: where that is no tier of pods, they stand nowhere in particular. */
function seenPeer(
  { snapshot, peers }: VerdictIndex,
  end: QuestionEnd & { readonly kind: 'peer' },
  other: PlacedTier | undefined,
  made: MadeNamespaces,
): SeenEnd {
  const peer = peers.get(end.peer);
  const seenFrom = other?.pods?.namespace ?? 'elsewhere';
  const found = peer === undefined ? undefined : peerEnds(snapshot.environment)(peer, seenFrom);
  return seen(end, found, found?.kind === 'addresses' ? 'outside' : 'peer-pods', made);
}

function seen(end: QuestionEnd, found: End | undefined, runs: Runs, made: MadeNamespaces): SeenEnd {
  if (found === undefined) return { kind: 'absent', end, absence: 'no-address' };
  if (found.kind === 'pods' && isNobody(found.pods)) return { kind: 'absent', end, absence: 'no-pods' };
  return { kind: 'there', end, runs, parts: partsOf(found, made) };
}

function partsOf(end: End, made: MadeNamespaces): readonly Part[] {
  switch (end.kind) {
    case 'pods':
      return [podOf(end.pods, made)];
    case 'addresses':
      return end.addresses.ranges.map((range) => ({ kind: 'range', range }));
    case 'everyone':
      return [podOf(EVERY_POD, made), ...EVERY_ADDRESS];
  }
}

const EVERY_ADDRESS: readonly Part[] = [
  { kind: 'range', range: { family: 'IPv4', first: 0n, last: 2n ** 32n - 1n } },
  { kind: 'range', range: { family: 'IPv6', first: 0n, last: 2n ** 128n - 1n } },
];

function podOf(set: PodSet, made: MadeNamespaces): PodPart {
  const [witness = { namespace: undefined, namespaceLabels: [], labels: {} }] = witnessesOf(set);
  const namespace = made.nameFor(witness);
  return { kind: 'pod', namespace, namespaceLabels: made.labelsOf(namespace), labels: witness.labels };
}
