import type { Family } from '../model/cidr.js';
import type { Direction, Grant } from './grants.js';
import { findPeer, type Peer } from './peer.js';
import type { PodClass } from './pod-class.js';
import { portsAt } from './port-rule.js';
import { ALL_PORTS, intersectPorts, NO_PORTS, unionPorts, type PortSet } from './port-set.js';
import { rangeOfAddress } from './ranges.js';
import type { World } from './world.js';

/** One end of one connection: pods of one class, or one range of a direction's partition. */
export type End =
  | { readonly kind: 'pods'; readonly pods: PodClass }
  | { readonly kind: 'range'; readonly index: number; readonly family: Family };

/**
 * The ports on which `src` may talk to `dst`: what its egress and the destination's ingress both allow. For workloads whose
 * pods differ: on which any of them may talk to any.
 * @example formatPortSet(allowedPorts(world, 'shop/web[Deployment]', '0.0.0.0-255.255.255.255[External]')) // 'No Connections'
 */
export function allowedPorts(world: World, src: string, dst: string): PortSet {
  return allowedBetween(world, findPeer(world, src), findPeer(world, dst));
}

/** As allowedPorts, of peers already found. */
export function allowedBetween(world: World, src: Peer, dst: Peer): PortSet {
  if (src.ref === dst.ref && isOnePod(src)) return ALL_PORTS;
  let ports = NO_PORTS;
  for (const from of endsOf(world, 'ingress', src)) {
    for (const to of endsOf(world, 'egress', dst)) ports = unionPorts(ports, portsBetween(world, from, to));
  }
  return ports;
}

/** A pod cannot block itself; replicas of one workload can. */
function isOnePod(peer: Peer): boolean {
  return peer.kind === 'workload' && peer.workload.kind === 'Pod';
}

function endsOf(world: World, cutBy: Direction, peer: Peer): End[] {
  if (peer.kind === 'workload') {
    return peer.workload.classes.flatMap((id) => {
      const pods = world.classes[id];
      return pods === undefined ? [] : [{ kind: 'pods', pods }];
    });
  }
  const index = rangeOfAddress(world.ranges[cutBy], peer.range.family, peer.range.first);
  return index === undefined ? [] : [{ kind: 'range', index, family: peer.range.family }];
}

/** A connection runs over one family, which both ends must have and both directions must allow. */
export function portsBetween(world: World, from: End, to: End): PortSet {
  const destination = to.kind === 'pods' ? to.pods : undefined;
  let ports = NO_PORTS;
  for (const family of ['IPv4', 'IPv6'] as const) {
    if (!speaks(from, family) || !speaks(to, family)) continue;
    const out = portsOfSide(world, 'egress', from, to, family, destination);
    const both = intersectPorts(out, portsOfSide(world, 'ingress', to, from, family, destination));
    ports = unionPorts(ports, both);
  }
  return ports;
}

function speaks(end: End, family: Family): boolean {
  if (end.kind === 'range') return end.family === family;
  return end.pods.families.includes(family);
}

function portsOfSide(
  world: World,
  direction: Direction,
  subject: End,
  peer: End,
  family: Family,
  destination: PodClass | undefined,
): PortSet {
  const sides = subject.kind === 'pods' ? world.isolation[direction].get(subject.pods.id) : undefined;
  if (sides === undefined) return ALL_PORTS;
  let ports = NO_PORTS;
  for (const grant of sides.flatMap(({ grants }) => grants)) {
    if (grantsPeer(grant, peer, family)) ports = unionPorts(ports, portsAt(grant.ports, destination));
  }
  return ports;
}

/** True where the rule's peers hold this end, over this family. */
export function grantsPeer({ peers }: Grant, peer: End, family: Family): boolean {
  if (peer.kind === 'pods') {
    return peers.parts.some(
      (part) => (part.family === 'any' || part.family === family) && part.classes.has(peer.pods.id),
    );
  }
  for (let i = 0; i < peers.ranges.length; i += 2) {
    if ((peers.ranges[i] ?? 0) <= peer.index && peer.index <= (peers.ranges[i + 1] ?? -1)) return true;
  }
  return false;
}
