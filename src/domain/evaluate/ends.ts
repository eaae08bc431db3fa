import type { Family } from '../model/cidr.js';
import type { Direction, Grant } from './grants.js';
import { overlaps } from './intervals.js';
import type { Peer } from './peer.js';
import type { PodClass } from './pod-class.js';
import { portsAt } from './port-rule.js';
import { ALL_PORTS, intersectPorts, NO_PORTS, unionOf, unionPorts, type PortSet } from './port-set.js';
import { rangeOfAddress, type AddressRange } from './ranges.js';
import type { World } from './world.js';

/** One end of one connection: pods of one class, or ranges of a direction's cut, from one index to another. */
export type End =
  | { readonly kind: 'pods'; readonly pods: PodClass }
  | { readonly kind: 'range'; readonly family: Family; readonly first: number; readonly last: number };

/** The ends a peer is made of: the classes of its pods, or the ranges of the cut that it touches. */
export function endsOf(world: World, cutBy: Direction, peer: Peer): readonly End[] {
  if (peer.kind === 'range') return [rangeEnd(world, cutBy, peer.range)];
  return peer.workload.classes.flatMap((id): End[] => {
    const pods = world.classes[id];
    return pods === undefined ? [] : [{ kind: 'pods', pods }];
  });
}

/** The ranges of a direction's cut that hold any of these addresses. */
export function rangeEnd({ ranges }: World, cutBy: Direction, range: AddressRange): End & { readonly kind: 'range' } {
  const at = (value: bigint): number => rangeOfAddress(ranges[cutBy], range.family, value) ?? -1;
  return { kind: 'range', family: range.family, first: at(range.first), last: at(range.last) };
}

/** The families over which a connection between the two can run. */
export function sharedFamilies(a: End, b: End): readonly Family[] {
  return familiesOf(a).filter((family) => familiesOf(b).includes(family));
}

function familiesOf(end: End): readonly Family[] {
  return end.kind === 'pods' ? end.pods.families : [end.family];
}

/** The ports of one connection: in each family, what the source's egress and the destination's ingress both allow. */
export function portsBetween(world: World, from: End, to: End): PortSet {
  if (onSameNode(from, to)) return ALL_PORTS;
  let ports = NO_PORTS;
  for (const family of sharedFamilies(from, to)) {
    const out = portsOfSide(world, 'egress', { from, to }, family);
    const into = portsOfSide(world, 'ingress', { from, to }, family);
    ports = unionPorts(ports, intersectPorts(out, into));
  }
  return ports;
}

/** A node always reaches the pods that run on it; so do pods that are part of the node. */
export function onSameNode(from: End, to: End): boolean {
  if (from.kind !== 'pods' || to.kind !== 'pods' || !from.pods.onNode) return false;
  return from.pods.nodes.some((node) => to.pods.nodes.includes(node));
}

/** What one side alone allows, over one family: everything where nothing isolates its pods. */
export function portsOfSide(world: World, direction: Direction, pair: { from: End; to: End }, family: Family): PortSet {
  const [subject, peer] = direction === 'egress' ? [pair.from, pair.to] : [pair.to, pair.from];
  const sides = subject.kind === 'pods' ? world.isolation[direction].get(subject.pods.id) : undefined;
  if (sides === undefined) return ALL_PORTS;
  const destination = pair.to.kind === 'pods' ? pair.to.pods : undefined;
  const granting = sides.flatMap(({ grants }) => grants).filter((grant) => grantsPeer(grant, peer, family));
  return unionOf(granting.map((grant) => portsAt(grant.ports, destination)));
}

/** True where the rule's peers hold this end, or a part of its ranges, over this family. */
export function grantsPeer({ peers }: Grant, peer: End, family: Family): boolean {
  if (peer.kind === 'range') return overlaps(peers.ranges, peer.first, peer.last);
  return peers.parts.some(
    (part) => (part.family === 'any' || part.family === family) && part.classes.has(peer.pods.id),
  );
}
