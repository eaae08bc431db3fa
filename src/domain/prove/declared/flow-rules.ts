import { compareText } from '../../errors.js';
import type { Endpoint, Flow } from '../../model/entities.js';
import type { Snapshot } from '../../model/snapshot.js';
import { NONE, type PortNumbers } from '../port-numbers.js';
import type { Source } from './declared-tier.js';
import { peerEnds, type End } from './ends.js';
import type { Gathering } from './gathering.js';
import type { PlacedTier } from './tiers.js';

/**
 * Adds each flow of this environment to the tiers at its ends, and gives the number of those that hold here: its tiers are
 * placed, its peer has an address, it has a port, and one of its ends runs as pods of a tier.
 */
export function addFlows(
  snapshot: Snapshot,
  placed: ReadonlyMap<string, PlacedTier>,
  tiers: ReadonlyMap<string, Gathering>,
  numbers: PortNumbers,
): number {
  const { name } = snapshot.environment;
  const here = snapshot.flows.filter((flow) => flow.environments?.includes(name) ?? true);
  const sorted = [...here].sort((a, b) => compareText(a.name, b.name));
  const seenBy = endsSeen(snapshot, placed);
  const rulesAt = (end: Endpoint) => ('tier' in end ? tiers.get(end.tier)?.rules : undefined);
  const add = (flow: Flow): boolean => {
    const from = seenBy(flow.from, flow.to);
    const to = seenBy(flow.to, flow.from);
    const ports = portsOf(flow, placed, numbers);
    if (from === undefined || to === undefined || ports === NONE) return false;
    const egress = rulesAt(flow.from)?.egress;
    const ingress = rulesAt(flow.to)?.ingress;
    const source = sourceOf(flow);
    egress?.push({ end: to, ports, source });
    ingress?.push({ end: from, ports, source });
    return egress !== undefined || ingress !== undefined;
  };
  return sorted.filter(add).length;
}

/** What an end means seen from the other one. A peer is seen from the namespace of a tier of pods, and otherwise not at all. */
function endsSeen(
  { peers, environment }: Snapshot,
  placed: ReadonlyMap<string, PlacedTier>,
): (end: Endpoint, other: Endpoint) => End | undefined {
  const byName = new Map(peers.map((peer) => [peer.name, peer]));
  const endOfPeer = peerEnds(environment);
  return (end, other) => {
    if ('tier' in end) return placed.get(end.tier)?.end;
    const peer = byName.get(end.peer);
    const seenFrom = 'tier' in other ? placed.get(other.tier)?.pods?.namespace : undefined;
    return peer === undefined || seenFrom === undefined ? undefined : endOfPeer(peer, seenFrom);
  };
}

/** A port by name is the one that the destination tier has here. */
function portsOf({ to, ports }: Flow, placed: ReadonlyMap<string, PlacedTier>, numbers: PortNumbers): number {
  let all = NONE;
  for (const port of ports) {
    if (typeof port !== 'string') all = numbers.union(all, numbers.ofRange(port));
    else if ('tier' in to)
      for (const named of placed.get(to.tier)?.ports ?? [])
        if (named.name === port) all = numbers.union(all, numbers.ofRange(named));
  }
  return all;
}

/** A tier's other end is the peer, where the flow has one: peers have no sides. */
function sourceOf({ name, from, to }: Flow): Source {
  return { kind: 'flow', flow: name, peer: peerOf(from) ?? peerOf(to) };
}

function peerOf(end: Endpoint): string | undefined {
  return 'peer' in end ? end.peer : undefined;
}
