import { SluiceError } from '../errors.js';
import { endsOf, portsBetween, type End } from './ends.js';
import { findPeer, type Peer } from './peer.js';
import { ALL_PORTS, equalPorts, formatPortSet, NO_PORTS, unionPorts, type PortSet } from './port-set.js';
import { formatRange } from './ranges.js';
import type { World } from './world.js';

/**
 * The ports on which `src` may talk to `dst`: what its egress and the destination's ingress both allow. For workloads whose
 * pods differ: on which any of them may talk to any. Refuses a range that ipBlocks cut into parts with different answers.
 * @example formatPortSet(allowedPorts(world, 'shop/web[Deployment]', '0.0.0.0-255.255.255.255[External]')) // 'No Connections'
 */
export function allowedPorts(world: World, src: string, dst: string): PortSet {
  return allowedBetween(world, findPeer(world, src), findPeer(world, dst));
}

/** As allowedPorts, of peers already found. */
export function allowedBetween(world: World, src: Peer, dst: Peer): PortSet {
  if (alwaysAllowed(src, dst) !== undefined) return ALL_PORTS;
  const sources = endsOf(world, 'ingress', src);
  const destinations = endsOf(world, 'egress', dst);
  if (src.kind === 'range') return sameForAll(src, sources, (part) => union(world, [part], destinations));
  if (dst.kind === 'range') return sameForAll(dst, destinations, (part) => union(world, sources, [part]));
  return union(world, sources, destinations);
}

function union(world: World, sources: readonly End[], destinations: readonly End[]): PortSet {
  return sources
    .flatMap((from) => destinations.map((to) => portsBetween(world, from, to)))
    .reduce(unionPorts, NO_PORTS);
}

function sameForAll(peer: Peer, parts: readonly End[], portsOf: (part: End) => PortSet): PortSet {
  const answers = parts.map((part) => ({ part, ports: portsOf(part) }));
  const first = answers[0]?.ports ?? NO_PORTS;
  if (answers.every(({ ports }) => equalPorts(ports, first))) return first;
  const shown = answers
    .slice(0, 10)
    .map(({ part, ports }) => `${part.kind === 'range' ? formatRange(part.range) : ''} (${formatPortSet(ports)})`);
  const more = answers.length > shown.length ? ` and ${answers.length - shown.length} more` : '';
  throw new SluiceError(
    'invalid',
    `ipBlocks cut ${peer.ref} into ranges with different answers, ask for one of them: ${shown.join(', ')}${more}`,
  );
}

/**
 * What no policy can forbid: a pod to itself, and the pod's own node to the pod. Replicas of one workload are different pods.
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation
 */
export function alwaysAllowed(src: Peer, dst: Peer): 'same-pod' | 'own-node' | undefined {
  if (dst.kind !== 'workload') return undefined;
  if (src.ref === dst.ref && dst.workload.kind === 'Pod') return 'same-pod';
  if (src.kind === 'range' && src.address !== undefined && dst.workload.nodes.includes(src.address)) return 'own-node';
  return undefined;
}
