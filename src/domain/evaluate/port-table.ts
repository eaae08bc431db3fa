import { formatPortSet, intersectPorts, NO_PORTS, unionPorts, type PortSet } from './port-set.js';

/** Port sets by number. A cluster has few distinct ones, so that each pair of them is combined once, however often it occurs. */
export interface PortTable {
  readonly idOf: (ports: PortSet) => number;
  readonly setOf: (id: number) => PortSet;
  readonly textOf: (id: number) => string;
  readonly union: (a: number, b: number) => number;
  readonly intersect: (a: number, b: number) => number;
}

/** The number of the empty set in every table. */
export const NO_PORTS_ID = 0;

/** A new table; it grows with the sets it is asked for. */
export function portTable(): PortTable {
  const ids = new Map<string, number>();
  const texts: string[] = [];
  const sets: PortSet[] = [];
  const idOf = (ports: PortSet): number => {
    const text = formatPortSet(ports);
    const known = ids.get(text);
    if (known !== undefined) return known;
    ids.set(text, sets.length);
    texts.push(text);
    return sets.push(ports) - 1;
  };
  const setOf = (id: number): PortSet => sets[id] ?? NO_PORTS;
  idOf(NO_PORTS);
  return {
    idOf,
    setOf,
    textOf: (id) => texts[id] ?? '',
    union: once((a, b) => idOf(unionPorts(setOf(a), setOf(b)))),
    intersect: once((a, b) => idOf(intersectPorts(setOf(a), setOf(b)))),
  };
}

/** Remembers the results of an operation in which the order of the two does not matter. */
function once(operation: (a: number, b: number) => number): (a: number, b: number) => number {
  const known = new Map<number, number>();
  return (a, b) => {
    if (a === b) return a;
    const key = a < b ? a * 2 ** 24 + b : b * 2 ** 24 + a;
    const found = known.get(key) ?? operation(a, b);
    known.set(key, found);
    return found;
  };
}
