import type { Direction, Grant } from './grants.js';
import { portIds } from './grant-groups.js';
import { holds, intersectIntervals, intervalsOf, pairsOf, unionIntervals, type Intervals } from './intervals.js';
import { ALL_PORTS } from './port-set.js';
import { NO_PORTS_ID, type PortTable } from './port-table.js';
import type { World } from './world.js';

/** Ranges outside the cluster, from index `first` to `last`, with the number of one port set. */
export interface RangeRun {
  readonly first: number;
  readonly last: number;
  readonly ports: number;
}

/**
 * Gives, for pods of one class and one direction, the ranges outside that they may reach or be reached from, ascending and
 * disjoint. Outside the cluster nothing isolates, so the pods' side decides.
 */
export function rangeRuns(world: World, table: PortTable, direction: Direction): (id: number) => readonly RangeRun[] {
  const idOf = portIds(world, table);
  const known = new Map<number, readonly RangeRun[]>();
  const runsOf = (id: number): readonly RangeRun[] => {
    const spoken = spokenRanges(world, direction, id);
    const grants = world.isolation[direction].get(id)?.flatMap((side) => side.grants);
    if (grants === undefined) return runs(spoken, new Map([[table.idOf(ALL_PORTS), spoken]]), table);
    // The destination of an outbound connection is outside: names of ports mean nothing there.
    const destination = direction === 'ingress' ? id : -1;
    return runs(
      spoken,
      byPorts(grants, (grant) => idOf(grant.ports, destination)),
      table,
    );
  };
  return (id) => {
    const found = known.get(id) ?? runsOf(id);
    known.set(id, found);
    return found;
  };
}

/** The ranges of the families that the pods speak and the list names. */
function spokenRanges({ ranges, families, classes }: World, direction: Direction, id: number): Intervals {
  const own = classes[id]?.families ?? [];
  const spoken = families.filter((family) => own.includes(family));
  return intervalsOf(
    spoken.map((family) => {
      const first = ranges[direction].findIndex((range) => range.family === family);
      return [first, ranges[direction].findLastIndex((range) => range.family === family)] as const;
    }),
  );
}

function byPorts(grants: readonly Grant[], idOf: (grant: Grant) => number): Map<number, Intervals> {
  const covered = new Map<number, Intervals>();
  for (const grant of grants) {
    if (grant.peers.ranges.length === 0) continue;
    const ports = idOf(grant);
    covered.set(ports, unionIntervals(covered.get(ports) ?? [], grant.peers.ranges));
  }
  return covered;
}

/** Cuts the ranges where any of the coverings begins or ends; in each piece all ports that cover it are united. */
function runs(within: Intervals, covered: ReadonlyMap<number, Intervals>, table: PortTable): RangeRun[] {
  const clipped = [...covered].map(([ports, ranges]) => ({ ports, ranges: intersectIntervals(ranges, within) }));
  const cuts = new Set(clipped.flatMap(({ ranges }) => pairsOf(ranges).flatMap(([first, last]) => [first, last + 1])));
  const starts = [...cuts].sort((a, b) => a - b);
  return starts.slice(0, -1).flatMap((first, i): RangeRun[] => {
    const ports = clipped.reduce(
      (all, one) => (holds(one.ranges, first) ? table.union(all, one.ports) : all),
      NO_PORTS_ID,
    );
    return ports === NO_PORTS_ID ? [] : [{ first, last: (starts[i + 1] ?? first + 1) - 1, ports }];
  });
}
