import { budget } from './budget.js';
import { formatPortSet, intersectPorts, NO_PORTS, rangesIn, unionOf, type PortSet } from './port-set.js';

/** Port sets by number. A cluster has few distinct ones, so that each pair of them is combined once, however often it occurs. */
export interface PortTable {
  readonly idOf: (ports: PortSet) => number;
  readonly setOf: (id: number) => PortSet;
  readonly textOf: (id: number) => string;
  readonly intersect: (a: number, b: number) => number;
  /** The union of many, made at once: the unions on the way to it are never stored. */
  readonly union: (ids: Iterable<number>) => number;
  /** Begins or lengthens a chain of sets whose union is wanted later. Equal chains are one number. */
  readonly chain: (before: number | undefined, id: number) => number;
  /** The union of a chain. */
  readonly resolve: (chain: number) => number;
}

/** The number of the empty set in every table. */
export const NO_PORTS_ID = 0;

/** Port ranges that one answer may hold; each takes some 30 bytes, with its text. */
const MAX_RANGES = 2_000_000;
const KEY = 2 ** 24;

/** A new table; it grows with the sets it is asked for. */
export function portTable(): PortTable {
  const ids = new Map<string, number>();
  const texts: string[] = [];
  const sets: PortSet[] = [];
  const spend = budget(MAX_RANGES, 'port ranges');
  const idOf = (ports: PortSet): number => {
    const text = formatPortSet(ports);
    const known = ids.get(text);
    if (known !== undefined) return known;
    spend(rangesIn(ports));
    ids.set(text, sets.length);
    texts.push(text);
    return sets.push(ports) - 1;
  };
  const setOf = (id: number): PortSet => sets[id] ?? NO_PORTS;
  const union = (some: Iterable<number>): number => idOf(unionOf([...new Set(some)].map(setOf)));
  idOf(NO_PORTS);
  return {
    idOf,
    setOf,
    textOf: (id) => texts[id] ?? '',
    intersect: once((a, b) => idOf(intersectPorts(setOf(a), setOf(b)))),
    union,
    ...chains(union),
  };
}

/** Remembers the results of an operation in which the order of the two does not matter. */
function once(operation: (a: number, b: number) => number): (a: number, b: number) => number {
  const known = new Map<number, number>();
  return (a, b) => {
    if (a === b) return a;
    const key = a < b ? a * KEY + b : b * KEY + a;
    const found = known.get(key) ?? operation(a, b);
    known.set(key, found);
    return found;
  };
}

/** A chain is its last set and the chain before it: pairs that are allowed by the same rules share one, and its union. */
function chains(union: PortTable['union']): Pick<PortTable, 'chain' | 'resolve'> {
  const links: { readonly id: number; readonly before: number | undefined }[] = [];
  const known = new Map<number, number>();
  const unions = new Map<number, number>();
  const chain = (before: number | undefined, id: number): number => {
    if (before !== undefined && links[before]?.id === id) return before;
    const key = (before === undefined ? 0 : before + 1) * KEY + id;
    const found = known.get(key) ?? links.push({ id, before }) - 1;
    known.set(key, found);
    return found;
  };
  const resolve = (last: number): number => {
    const found = unions.get(last);
    if (found !== undefined) return found;
    const ids: number[] = [];
    for (let at: number | undefined = last; at !== undefined; at = links[at]?.before)
      ids.push(links[at]?.id ?? NO_PORTS_ID);
    const made = ids.length === 1 ? (ids[0] ?? NO_PORTS_ID) : union(ids);
    unions.set(last, made);
    return made;
  };
  return { chain, resolve };
}
