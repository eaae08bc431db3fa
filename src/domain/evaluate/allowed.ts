import { SluiceError } from '../errors.js';
import { budget } from './budget.js';
import { endsOf, portsBetween, rangeEnd } from './ends.js';
import type { Direction } from './grants.js';
import { findPeer, type Peer } from './peer.js';
import { ALL_PORTS, NO_PORTS, unionOf, type PortSet } from './port-set.js';
import { NO_PORTS_ID, portTable } from './port-table.js';
import { rangeRuns, type RangeRun } from './range-matrix.js';
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

/** Pods of one workload rarely differ; those of two that differ a thousandfold each are too many pairs. */
const MAX_PAIRS = 100_000;

/** As allowedPorts, of peers already found. */
export function allowedBetween(world: World, src: Peer, dst: Peer): PortSet {
  if (alwaysAllowed(src, dst) !== undefined) return ALL_PORTS;
  if (src.kind === 'range' && dst.kind === 'range') return src.range.family === dst.range.family ? ALL_PORTS : NO_PORTS;
  if (src.kind === 'range') return allowedOutside(world, 'ingress', src, dst);
  if (dst.kind === 'range') return allowedOutside(world, 'egress', dst, src);
  const sources = endsOf(world, 'ingress', src);
  const destinations = endsOf(world, 'egress', dst);
  budget(MAX_PAIRS, 'pairs of pods')(sources.length * destinations.length);
  return unionOf(sources.flatMap((from) => destinations.map((to) => portsBetween(world, from, to))));
}

type RangePeer = Peer & { readonly kind: 'range' };

/** Between a workload and addresses outside: what the workload's side says of every range that they touch. */
function allowedOutside(world: World, direction: Direction, outside: RangePeer, workload: Peer): PortSet {
  const table = portTable();
  const classes = workload.kind === 'workload' ? workload.workload.classes : [];
  const { first, last, family } = rangeEnd(world, direction, outside.range);
  const runs = rangeRuns(world, table, direction, [family])(classes).filter(
    (run) => run.first <= last && run.last >= first,
  );
  const pieces = withGaps(runs, first, last);
  const [piece] = pieces;
  if (pieces.every(({ ports }) => ports === piece?.ports)) return table.setOf(piece?.ports ?? NO_PORTS_ID);
  const shown = pieces
    .slice(0, 10)
    .map((one) => `${nameOf(world, direction, one, outside)} (${table.textOf(one.ports)})`);
  const more = pieces.length > shown.length ? ` and ${pieces.length - shown.length} more` : '';
  throw new SluiceError(
    'invalid',
    `ipBlocks cut ${outside.ref} into ranges with different answers, ask for one of them: ${shown.join(', ')}${more}`,
  );
}

/** The runs from `first` to `last`, with those between them where nothing is allowed. */
function withGaps(runs: readonly RangeRun[], first: number, last: number): RangeRun[] {
  const pieces: RangeRun[] = [];
  let next = first;
  for (const run of runs) {
    if (run.first > next) pieces.push({ first: next, last: run.first - 1, ports: NO_PORTS_ID });
    pieces.push({ ...run, first: Math.max(run.first, first), last: Math.min(run.last, last) });
    next = run.last + 1;
  }
  return next <= last ? [...pieces, { first: next, last, ports: NO_PORTS_ID }] : pieces;
}

/** The part of the addresses asked for that lies in the piece. */
function nameOf({ ranges }: World, direction: Direction, piece: RangeRun, { range }: RangePeer): string {
  const first = ranges[direction][piece.first]?.first ?? range.first;
  const last = ranges[direction][piece.last]?.last ?? range.last;
  return formatRange({
    ...range,
    first: first > range.first ? first : range.first,
    last: last < range.last ? last : range.last,
  });
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
