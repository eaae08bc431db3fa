import { budget } from './budget.js';
import { placesOf, type Place, type Places } from './places.js';
import { podRows, type PodRow } from './pod-matrix.js';
import type { PortSet } from './port-set.js';
import { portTable, type PortTable } from './port-table.js';
import { rangeRuns, type RangeRun } from './range-matrix.js';
import type { AddressRange } from './ranges.js';
import type { World } from './world.js';

/** What fits one answer. Those who can do with a part of them take eachConnection. */
export const MAX_CONNECTIONS = 1_000_000;

/** One line of the answer: on which ports `src` may talk to `dst`. */
export interface Connection {
  readonly src: string;
  readonly dst: string;
  readonly conn: string;
}

/** A connection with what its texts were made of: the port set, and the range where an end is outside the cluster. */
export interface ConnectionFacts extends Connection {
  readonly ports: PortSet;
  readonly srcRange?: AddressRange;
  readonly dstRange?: AddressRange;
}

/**
 * Every pair between which anything is allowed, sorted by source and destination. Self pairs, pairs of two ranges outside the
 * cluster and pairs with nothing allowed are left out. Refuses an answer of more than a million.
 * @example connections(buildWorld(readManifests(text))) // [{ src: 'shop/web[Deployment]', dst: 'shop/db[StatefulSet]', conn: 'TCP 5432' }]
 */
export function connections(world: World): Connection[] {
  const spend = budget(MAX_CONNECTIONS, 'connections');
  const list: Connection[] = [];
  for (const { src, dst, conn } of eachConnection(world)) {
    spend(1);
    list.push({ src, dst, conn });
  }
  return list;
}

/** Where a source's connections go: destinations by rank, with the chain of their port sets. */
type Row = Map<number, number>;

/** As connections, one after the other, for those who stop early or join two lists. */
export function* eachConnection(world: World): Generator<ConnectionFacts> {
  const table = portTable();
  const destinations = placesOf(world, 'egress');
  const fromWorkload = workloadRows(world, table, destinations);
  const fromRange = rangeRows(world, table, destinations);
  for (const source of placesOf(world, 'ingress').sorted) {
    const row = source.kind === 'workload' ? fromWorkload(source.index) : fromRange(source.index);
    for (const [rank, chain] of [...row].sort(([a], [b]) => a - b)) {
      const id = table.resolve(chain);
      const destination = destinations.sorted[rank];
      if (destination !== undefined) yield factsOf(world, source, destination, table.setOf(id), table.textOf(id));
    }
  }
}

function factsOf(world: World, source: Place, destination: Place, ports: PortSet, conn: string): ConnectionFacts {
  const srcRange = source.kind === 'range' ? world.ranges.ingress[source.index] : undefined;
  const dstRange = destination.kind === 'range' ? world.ranges.egress[destination.index] : undefined;
  return {
    ...{ src: source.ref, dst: destination.ref, conn, ports },
    ...(srcRange === undefined ? {} : { srcRange }),
    ...(dstRange === undefined ? {} : { dstRange }),
  };
}

/** Rows of workloads: what any of their pods may reach. */
function workloadRows(world: World, table: PortTable, places: Places): (workload: number) => Row {
  const podRow = keepingLast(podRows(world, table));
  const runsOf = rangeRuns(world, table, 'egress', world.families);
  const members = membersOf(world);
  return (workload) => {
    const row: Row = new Map();
    const classes = world.workloads[workload]?.classes ?? [];
    for (const id of classes) {
      for (const [destination, ports] of podRow(id)) {
        for (const other of members[destination] ?? [])
          if (other !== workload) add(row, places.workloads[other], ports, table);
      }
    }
    for (const { first, last, ports } of runsOf(classes)) {
      for (let range = first; range <= last; range++) add(row, places.ranges[range], ports, table);
    }
    return row;
  };
}

/** Runs up to this long are kept by range; longer ones are few, and are looked through for each range. */
const NARROW = 64;

interface RankedRun extends RangeRun {
  readonly rank: number;
}

/** Rows of ranges outside the cluster: which workloads let them in. */
function rangeRows(world: World, table: PortTable, places: Places): (range: number) => Row {
  const runsOf = rangeRuns(world, table, 'ingress', world.families);
  const wide: RankedRun[] = [];
  const narrow = new Map<number, RankedRun[]>();
  for (const [workload, { classes }] of world.workloads.entries()) {
    const rank = places.workloads[workload] ?? 0;
    for (const run of runsOf(classes)) {
      if (run.last - run.first >= NARROW) wide.push({ ...run, rank });
      else
        for (let range = run.first; range <= run.last; range++)
          narrow.set(range, push(narrow.get(range), { ...run, rank }));
    }
  }
  return (range) => {
    const row: Row = new Map();
    for (const run of wide) if (run.first <= range && range <= run.last) add(row, run.rank, run.ports, table);
    for (const run of narrow.get(range) ?? []) add(row, run.rank, run.ports, table);
    return row;
  };
}

function push<T>(list: T[] | undefined, item: T): T[] {
  if (list === undefined) return [item];
  list.push(item);
  return list;
}

function add(row: Row, rank: number | undefined, ports: number, table: PortTable): void {
  if (rank !== undefined) row.set(rank, table.chain(row.get(rank), ports));
}

/** Which workloads have pods of a class. */
function membersOf(world: World): readonly (readonly number[])[] {
  const members = world.classes.map((): number[] => []);
  for (const [workload, { classes }] of world.workloads.entries())
    for (const id of classes) members[id]?.push(workload);
  return members;
}

/** Workloads of one class have the same row, and often follow one another. */
function keepingLast(rowOf: (id: number) => PodRow): (id: number) => PodRow {
  let last: { readonly id: number; readonly row: PodRow } | undefined;
  return (id) => {
    if (last?.id !== id) last = { id, row: rowOf(id) };
    return last.row;
  };
}
