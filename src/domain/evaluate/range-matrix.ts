import type { Family } from '../model/cidr.js';
import { budget } from './budget.js';
import type { Direction } from './grants.js';
import { portIds } from './grant-groups.js';
import { intersectIntervals, intervalsOf, pairsOf, type Intervals } from './intervals.js';
import { ALL_PORTS } from './port-set.js';
import { NO_PORTS_ID, type PortTable } from './port-table.js';
import type { World } from './world.js';

/** Ranges outside the cluster, from index `first` to `last`, with the number of one port set. */
export interface RangeRun {
  readonly first: number;
  readonly last: number;
  readonly ports: number;
}

/** Which ranges each port set covers, in pieces as they were found. */
type Coverage = Map<number, [number, number][]>;

/**
 * Gives the ranges of the families outside that pods of these classes (any of them) may reach or be reached from, ascending
 * and disjoint. Outside the cluster nothing isolates, so the pods' side decides.
 */
export function rangeRuns(
  world: World,
  table: PortTable,
  direction: Direction,
  families: readonly Family[],
): (ids: readonly number[]) => readonly RangeRun[] {
  const idOf = portIds(world, table);
  const spans = new Map(families.map((family) => [family, spanOf(world, direction, family)]));
  const cover = (coverage: Coverage, id: number): void => {
    const own = world.classes[id]?.families ?? [];
    const spoken = intervalsOf(own.flatMap((family) => spans.get(family) ?? []));
    const add = (ports: number, ranges: Intervals): void => {
      const pieces = coverage.get(ports) ?? [];
      for (const piece of pairsOf(intersectIntervals(ranges, spoken))) pieces.push(piece);
      coverage.set(ports, pieces);
    };
    const sides = world.isolation[direction].get(id);
    if (sides === undefined) return add(table.idOf(ALL_PORTS), spoken);
    // The destination of an outbound connection is outside: names of ports mean nothing there.
    const destination = direction === 'ingress' ? id : -1;
    for (const { peers, ports } of sides.flatMap(({ grants }) => grants)) {
      if (peers.ranges.length > 0) add(idOf(ports, destination), peers.ranges);
    }
  };
  return (ids) => {
    const coverage: Coverage = new Map();
    for (const id of ids) cover(coverage, id);
    return sweep(coverage, table);
  };
}

function spanOf({ ranges }: World, direction: Direction, family: Family): [number, number][] {
  const first = ranges[direction].findIndex((range) => range.family === family);
  return first < 0 ? [] : [[first, ranges[direction].findLastIndex((range) => range.family === family)]];
}

const MAX_STEPS = 50_000_000;

/** Goes through all places where a covering begins or ends; between two of them the ports that cover are united. */
function sweep(coverage: Coverage, table: PortTable): RangeRun[] {
  const turns = new Map<number, number[]>();
  const turn = (at: number, ports: number): void => {
    const turning = turns.get(at);
    if (turning === undefined) turns.set(at, [ports]);
    else turning.push(ports);
  };
  for (const [ports, pieces] of coverage) {
    if (ports === NO_PORTS_ID) continue;
    for (const at of pairsOf(intervalsOf(pieces)).flatMap(([first, last]) => [first, last + 1])) turn(at, ports);
  }
  const places = [...turns.keys()].sort((a, b) => a - b);
  const active = new Set<number>();
  const spend = budget(MAX_STEPS, 'steps');
  return places.flatMap((first, i): RangeRun[] => {
    for (const ports of turns.get(first) ?? []) if (!active.delete(ports)) active.add(ports);
    const last = (places[i + 1] ?? first) - 1;
    spend(active.size);
    return active.size === 0 ? [] : [{ first, last, ports: table.union(active) }];
  });
}
