import { PORT_MAX, PORT_MIN, PROTOCOLS, lastPort, type PortRange, type Protocol } from '../model/ports.js';
import {
  intersectIntervals,
  shareNumbers,
  intervalsOf,
  pairsOf,
  subtractIntervals,
  unionIntervals,
  type Intervals,
} from './intervals.js';

/** A set of ports for each protocol that NetworkPolicy defines. */
export type PortSet = Readonly<Record<Protocol, Intervals>>;

const EVERY: Intervals = [PORT_MIN, PORT_MAX];

/** Every port of every protocol. */
export const ALL_PORTS: PortSet = { SCTP: EVERY, TCP: EVERY, UDP: EVERY };
export const NO_PORTS: PortSet = { SCTP: [], TCP: [], UDP: [] };

/**
 * The set of all ports in `ranges`, `endPort` included.
 * @example formatPortSet(portSetOf([{ protocol: 'TCP', port: 80 }])) // 'TCP 80'
 */
export function portSetOf(ranges: readonly PortRange[]): PortSet {
  const of = (protocol: Protocol): Intervals =>
    intervalsOf(ranges.filter((range) => range.protocol === protocol).map((range) => [range.port, lastPort(range)]));
  return { SCTP: of('SCTP'), TCP: of('TCP'), UDP: of('UDP') };
}

/** Every port of one protocol. */
export function everyPortOf(protocol: Protocol): PortSet {
  return { ...NO_PORTS, [protocol]: EVERY };
}

/** What is in `a` or in `b`. */
export function unionPorts(a: PortSet, b: PortSet): PortSet {
  if (a === NO_PORTS || b === ALL_PORTS) return b;
  if (b === NO_PORTS || a === ALL_PORTS) return a;
  return combine(a, b, unionIntervals);
}

/** What is in any of the sets: as many as there are at the cost of one. */
export function unionOf(sets: readonly PortSet[]): PortSet {
  if (sets.length < 2) return sets[0] ?? NO_PORTS;
  if (sets.includes(ALL_PORTS)) return ALL_PORTS;
  const of = (protocol: Protocol): Intervals => intervalsOf(sets.flatMap((set) => pairsOf(set[protocol])));
  return { SCTP: of('SCTP'), TCP: of('TCP'), UDP: of('UDP') };
}

/** How many ranges of ports the set is made of. */
export function rangesIn(ports: PortSet): number {
  return PROTOCOLS.reduce((sum, protocol) => sum + ports[protocol].length / 2, 0);
}

/** What is in `a` and in `b`. */
export function intersectPorts(a: PortSet, b: PortSet): PortSet {
  if (a === ALL_PORTS || b === NO_PORTS) return b;
  if (b === ALL_PORTS || a === NO_PORTS) return a;
  return combine(a, b, intersectIntervals);
}

/** True where some port is in both. */
export function sharePorts(a: PortSet, b: PortSet): boolean {
  return PROTOCOLS.some((protocol) => shareNumbers(a[protocol], b[protocol]));
}

/** What is in `a` and not in `b`. */
export function subtractPorts(a: PortSet, b: PortSet): PortSet {
  return combine(a, b, subtractIntervals);
}

function combine(a: PortSet, b: PortSet, op: (a: Intervals, b: Intervals) => Intervals): PortSet {
  return { SCTP: op(a.SCTP, b.SCTP), TCP: op(a.TCP, b.TCP), UDP: op(a.UDP, b.UDP) };
}

export function isNoPorts(ports: PortSet): boolean {
  return PROTOCOLS.every((protocol) => ports[protocol].length === 0);
}

export function equalPorts(a: PortSet, b: PortSet): boolean {
  return a === b || formatPortSet(a) === formatPortSet(b);
}

/** True where one port is in the set. */
export function hasPort(ports: PortSet, protocol: Protocol, port: number): boolean {
  return pairsOf(ports[protocol]).some(([first, last]) => first <= port && port <= last);
}

/**
 * The text of the answers: `All Connections`, `No Connections`, or the protocols in order with their ports.
 * @example formatPortSet(portSetOf([{ protocol: 'TCP', port: 80 }, { protocol: 'UDP', port: 53 }])) // 'TCP 80,UDP 53'
 */
export function formatPortSet(ports: PortSet): string {
  const filled = PROTOCOLS.filter((protocol) => ports[protocol].length > 0);
  if (filled.length === 0) return 'No Connections';
  if (filled.length === PROTOCOLS.length && filled.every((protocol) => isEvery(ports[protocol])))
    return 'All Connections';
  return filled.map((protocol) => `${protocol} ${formatIntervals(ports[protocol])}`).join(',');
}

function isEvery(intervals: Intervals): boolean {
  return intervals.length === 2 && intervals[0] === PORT_MIN && intervals[1] === PORT_MAX;
}

function formatIntervals(intervals: Intervals): string {
  return pairsOf(intervals)
    .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
    .join(',');
}
