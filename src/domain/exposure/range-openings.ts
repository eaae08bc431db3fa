import type { Direction } from '../evaluate/grants.js';
import { overlaps } from '../evaluate/intervals.js';
import type { PortTable } from '../evaluate/port-table.js';
import { rangeRuns, type RangeRun } from '../evaluate/range-matrix.js';
import type { AddressRange } from '../evaluate/ranges.js';
import type { World } from '../evaluate/world.js';

/** What one workload leaves open, in one direction, to addresses outside the cluster. */
export interface RangeOpening {
  readonly range: AddressRange;
  readonly conn: string;
  readonly policies: ReadonlySet<string>;
}

/** Gives the ranges to which pods of any of these classes are open, ascending; neighbours with equal ports are one range. */
export function rangeOpenings(
  world: World,
  table: PortTable,
  direction: Direction,
): (classes: readonly number[]) => readonly RangeOpening[] {
  const runsOf = rangeRuns(world, table, direction, world.families);
  const ranges = world.ranges[direction];
  return (classes) =>
    joined(runsOf(classes), ranges).flatMap((run): RangeOpening[] => {
      const [first, last] = [ranges[run.first], ranges[run.last]];
      if (first === undefined || last === undefined) return [];
      const policies = policiesOver(world, direction, classes, run);
      return [{ range: { ...first, last: last.last }, conn: table.textOf(run.ports), policies }];
    });
}

function joined(runs: readonly RangeRun[], ranges: readonly AddressRange[]): RangeRun[] {
  const out: RangeRun[] = [];
  for (const run of runs) {
    const before = out.at(-1);
    const touches = before !== undefined && before.last + 1 === run.first && before.ports === run.ports;
    if (touches && ranges[before.last]?.family === ranges[run.first]?.family)
      out[out.length - 1] = { ...before, last: run.last };
    else out.push(...byFamily(run, ranges));
  }
  return out;
}

/** A run of both families is two: addresses of one do not go on in the other. */
function byFamily(run: RangeRun, ranges: readonly AddressRange[]): RangeRun[] {
  const turn = ranges.findIndex(({ family }) => family === 'IPv6');
  if (turn < 0 || run.last < turn || run.first >= turn) return [run];
  return [
    { ...run, last: turn - 1 },
    { ...run, first: turn },
  ];
}

function policiesOver(
  { isolation }: World,
  direction: Direction,
  classes: readonly number[],
  { first, last }: RangeRun,
): ReadonlySet<string> {
  const sides = classes.flatMap((id) => isolation[direction].get(id) ?? []);
  const over = sides.filter(({ grants }) => grants.some(({ peers }) => overlaps(peers.ranges, first, last)));
  return new Set(over.map(({ policy }) => policy));
}
