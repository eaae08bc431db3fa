import { groupBy } from '../group-by.js';
import type { Wire } from './rows.js';
import type { SizedCell } from './sizes.js';
import type { Middles } from './place.js';

/** The lines of one source between two rows: down from `exit`, along a track if there is one, down to the `targets`. */
export interface Net {
  readonly net: string;
  readonly exit: number;
  readonly targets: readonly number[];
  /** The row of its level line, from 0. Nothing for a line straight down. */
  readonly track?: number;
}

export interface Channel {
  readonly nets: readonly Net[];
  readonly tracks: number;
}

/**
 * Gives each net between two rows a track of its own, or one it shares with nets it does not touch. Where one net leaves in the
 * column where another arrives, the first must turn off above the second. Gives nothing where that goes round in a circle.
 */
export function routeChannel(
  upper: readonly SizedCell[],
  lower: readonly SizedCell[],
  middles: Middles,
): Channel | undefined {
  const arrivals = arrivalColumns(lower, middles);
  const nets = upper.flatMap(({ cell, leaving }): Net[] => {
    const targets = leaving.map((wire) => arrivals.get(wire) ?? 0);
    return targets.length === 0 ? [] : [{ net: cell.net, exit: middles.get(cell.key) ?? 0, targets }];
  });
  const straight = nets.filter(({ exit, targets }) => targets.every((x) => x === exit));
  const routed: Net[] = [];
  let waiting = nets.filter((net) => !straight.includes(net));
  while (waiting.length > 0) {
    const free = waiting.filter((net) => !waiting.some((other) => other !== net && mustBeAbove(other, net)));
    if (free.length === 0) return undefined;
    for (const net of free) routed.push({ ...net, track: firstTrack(net, routed) });
    waiting = waiting.filter((net) => !free.includes(net));
  }
  return { nets: [...straight, ...routed], tracks: 1 + Math.max(-1, ...routed.map(({ track = -1 }) => track)) };
}

/** Into a box at its entries, into a passing line at its middle. */
export function arrivalColumns(lower: readonly SizedCell[], middles: Middles): ReadonlyMap<Wire, number> {
  const columns = lower.flatMap(({ cell, entries }) =>
    entries.map(({ wire, offset }): [Wire, number] => [wire, (middles.get(cell.key) ?? 0) + offset]),
  );
  return new Map(columns);
}

function mustBeAbove(a: Net, b: Net): boolean {
  return b.targets.includes(a.exit);
}

function firstTrack(net: Net, routed: readonly Net[]): number {
  const above = routed.filter((other) => mustBeAbove(other, net)).map(({ track = -1 }) => track);
  let track = 1 + Math.max(-1, ...above);
  const byTrack = groupBy(routed, (other) => other.track);
  while (byTrack.get(track)?.some((other) => touch(other, net))) track++;
  return track;
}

function touch(a: Net, b: Net): boolean {
  const [from, to] = reach(a);
  const [otherFrom, otherTo] = reach(b);
  return from <= otherTo + 1 && otherFrom <= to + 1;
}

/** The first and last column of the level line. */
export function reach({ exit, targets }: Pick<Net, 'exit' | 'targets'>): [number, number] {
  return [Math.min(exit, ...targets), Math.max(exit, ...targets)];
}
