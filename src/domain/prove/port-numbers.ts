import {
  ALL_PORTS,
  formatPortSet,
  intersectPorts,
  NO_PORTS,
  portSetOf,
  subtractPorts,
  unionPorts,
  type PortSet,
} from '../evaluate/port-set.js';
import { formatPort, type PortRange } from '../model/ports.js';

/**
 * Port sets by number, so that two of them are compared as two numbers. An estate has few distinct ones, and each pair is combined
 * once, however often it occurs.
 */
export interface PortNumbers {
  readonly of: (ports: PortSet) => number;
  readonly ofRange: (range: PortRange) => number;
  readonly ofRanges: (ranges: readonly PortRange[]) => number;
  readonly set: (number: number) => PortSet;
  readonly union: (a: number, b: number) => number;
  readonly intersect: (a: number, b: number) => number;
  readonly subtract: (a: number, b: number) => number;
  /** How many sets there are. */
  readonly count: () => number;
}

/** The numbers of the empty set and of every port, in every table. */
export const NONE = 0;
export const EVERY = 1;

/** A new table; it grows with the sets it is asked for. */
export function portNumbers(): PortNumbers {
  const byText = new Map<string, number>();
  const sets: PortSet[] = [];
  const add = (ports: PortSet): number => {
    const text = formatPortSet(ports);
    const known = byText.get(text);
    if (known !== undefined) return known;
    byText.set(text, sets.length);
    return sets.push(ports) - 1;
  };
  const of = each((ports: PortSet) => ports, add);
  const set = (number: number): PortSet => sets[number] ?? NO_PORTS;
  const combined = (combine: (a: PortSet, b: PortSet) => PortSet): ((a: number, b: number) => number) =>
    once((a, b) => of(combine(set(a), set(b))));
  of(NO_PORTS);
  of(ALL_PORTS);
  const unionOfTwo = combined(unionPorts);
  // The two cases that nearly all are.
  const union = (a: number, b: number): number => (a === b || b === NONE ? a : a === NONE ? b : unionOfTwo(a, b));
  const ofRange = each(formatPort, (range) => of(portSetOf([range])));
  return {
    of,
    ofRange,
    ofRanges: (ranges) => ranges.reduce((sum, range) => union(sum, ofRange(range)), NONE),
    set,
    union,
    intersect: combined(intersectPorts),
    subtract: combined(subtractPorts),
    count: () => sets.length,
  };
}

/** Asks once for all that have the same key. */
function each<T, K>(keyOf: (item: T) => K, ask: (item: T) => number): (item: T) => number {
  const known = new Map<K, number>();
  return (item) => {
    const key = keyOf(item);
    const found = known.get(key);
    if (found !== undefined) return found;
    const asked = ask(item);
    known.set(key, asked);
    return asked;
  };
}

function once(combine: (a: number, b: number) => number): (a: number, b: number) => number {
  const known = new Map<number, number>();
  return (a, b) => {
    const key = a * 2 ** 24 + b;
    const found = known.get(key);
    if (found !== undefined) return found;
    const combined = combine(a, b);
    known.set(key, combined);
    return combined;
  };
}
