import type { Family } from '../model/cidr.js';
import type { Direction, Grant } from './grants.js';
import { holds } from './intervals.js';
import type { Peer } from './peer.js';
import type { PodClass } from './pod-class.js';
import { portsAt } from './port-rule.js';
import { ALL_PORTS, intersectPorts, NO_PORTS, unionPorts, type PortSet } from './port-set.js';
import { rangeOfAddress, type AddressRange } from './ranges.js';
import type { World } from './world.js';

/** One end of one connection: pods of one class, or one range of a direction's cut. */
export type End =
  | { readonly kind: 'pods'; readonly pods: PodClass }
  | { readonly kind: 'range'; readonly index: number; readonly range: AddressRange };

/** The ends a peer is made of: the classes of its pods, or the ranges of the cut that it touches. */
export function endsOf(world: World, cutBy: Direction, peer: Peer): readonly End[] {
  if (peer.kind === 'workload') {
    return peer.workload.classes
      .map((id) => world.classes[id])
      .flatMap((pods) => (pods === undefined ? [] : [{ kind: 'pods', pods }]));
  }
  const ranges = world.ranges[cutBy];
  const first = rangeOfAddress(ranges, peer.range.family, peer.range.first) ?? 0;
  const last = rangeOfAddress(ranges, peer.range.family, peer.range.last) ?? -1;
  return ranges.slice(first, last + 1).map((range, i) => ({ kind: 'range', index: first + i, range }));
}

/** The families over which a connection between the two can run. */
export function sharedFamilies(a: End, b: End): readonly Family[] {
  return familiesOf(a).filter((family) => familiesOf(b).includes(family));
}

function familiesOf(end: End): readonly Family[] {
  return end.kind === 'pods' ? end.pods.families : [end.range.family];
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
  return granting.map((grant) => portsAt(grant.ports, destination)).reduce(unionPorts, NO_PORTS);
}

/** True where the rule's peers hold this end, over this family. */
export function grantsPeer({ peers }: Grant, peer: End, family: Family): boolean {
  if (peer.kind === 'range') return holds(peers.ranges, peer.index);
  return peers.parts.some(
    (part) => (part.family === 'any' || part.family === family) && part.classes.has(peer.pods.id),
  );
}
