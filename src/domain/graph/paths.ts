import type { Endpoint } from '../model/entities.js';
import { compareText } from '../errors.js';
import { type DeclaredConnection, endName } from './declared.js';

/** How far one gets without being asked for more. */
export const HOPS = 8;
export const HOPS_MAX = 32;
/** How many ways between two ends are listed. */
export const WAYS_MAX = 100;
/** How many partial ways are looked at before the search says that it is not complete. */
const STEPS_MAX = 100_000;

/** A way from one end to another, hop by hop; each hop with its ports and the flows that allow it. */
export interface Path {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly hops: readonly DeclaredConnection[];
}

export interface Paths {
  /** Shortest first, then by the names of the ends along the way. */
  readonly paths: readonly Path[];
  /** False where there may be more ways than the bound on the search lets it find. */
  readonly complete: boolean;
}

/** From an end to all it can reach, to an end from all that can reach it, or every way between two. */
export type PathQuestion =
  | { readonly kind: 'from'; readonly from: string; readonly maxHops: number }
  | { readonly kind: 'to'; readonly to: string; readonly maxHops: number }
  | { readonly kind: 'between'; readonly from: string; readonly to: string; readonly maxHops: number };

/**
 * Who can be reached over several hops: "if the frontend is taken over, what can it reach?" Only tiers pass anything on: what a peer does
 * with a connection is not known. One shortest way to each end; between two ends all simple ways, up to a bound.
 * @example findPaths(connections, { kind: 'from', from: 'shop/frontend', maxHops: 8 }).paths.map(({ to }) => to) // backend, database
 */
export function findPaths(connections: readonly DeclaredConnection[], question: PathQuestion): Paths {
  switch (question.kind) {
    case 'from':
      return spread(connections, question.from, question.maxHops, 'forwards');
    case 'to':
      return spread(connections, question.to, question.maxHops, 'backwards');
    case 'between':
      return ways(connections, question.from, question.to, question.maxHops);
  }
}

type Walk = 'forwards' | 'backwards';

/** Breadth first: the first way to an end is a shortest one. */
function spread(connections: readonly DeclaredConnection[], start: string, maxHops: number, walk: Walk): Paths {
  const next = neighbours(connections, walk);
  const found = new Map<string, readonly DeclaredConnection[]>([[start, []]]);
  let edge = [start];
  for (let hops = 0; hops < maxHops && edge.length > 0; hops++) {
    const reached: string[] = [];
    for (const name of edge) {
      for (const hop of next.get(name) ?? []) {
        const far = endName(walk === 'forwards' ? hop.to : hop.from);
        if (found.has(far)) continue;
        const way = found.get(name) ?? [];
        found.set(far, walk === 'forwards' ? [...way, hop] : [hop, ...way]);
        if (far.includes('/')) reached.push(far);
      }
    }
    edge = reached;
  }
  return { paths: [...found.values()].flatMap(pathOf).sort(comparePaths), complete: true };
}

/** Level by level over simple ways, so the shortest come first and the search can stop at its bound. */
function ways(connections: readonly DeclaredConnection[], from: string, to: string, maxHops: number): Paths {
  const next = neighbours(connections, 'forwards');
  const paths: Path[] = [];
  let steps = 0;
  let level: (readonly DeclaredConnection[])[] = [[]];
  for (let hops = 0; hops < maxHops && level.length > 0; hops++) {
    const longer: (readonly DeclaredConnection[])[] = [];
    for (const way of level) {
      const last = way.at(-1);
      for (const hop of next.get(last === undefined ? from : endName(last.to)) ?? []) {
        if (++steps > STEPS_MAX || paths.length >= WAYS_MAX)
          return { paths: paths.sort(comparePaths), complete: false };
        const far = endName(hop.to);
        if (far === to) paths.push(...pathOf([...way, hop]));
        else if (far !== from && far.includes('/') && !way.some((before) => endName(before.to) === far))
          longer.push([...way, hop]);
      }
    }
    level = longer;
  }
  return { paths: paths.sort(comparePaths), complete: true };
}

function neighbours(connections: readonly DeclaredConnection[], walk: Walk): ReadonlyMap<string, DeclaredConnection[]> {
  const next = new Map<string, DeclaredConnection[]>();
  for (const connection of connections) {
    const near = endName(walk === 'forwards' ? connection.from : connection.to);
    const known = next.get(near);
    if (known === undefined) next.set(near, [connection]);
    else known.push(connection);
  }
  return next;
}

function pathOf(hops: readonly DeclaredConnection[]): Path[] {
  const [first, last] = [hops[0], hops.at(-1)];
  return first === undefined || last === undefined ? [] : [{ from: first.from, to: last.to, hops }];
}

function comparePaths(a: Path, b: Path): number {
  return a.hops.length - b.hops.length || compareText(textOf(a), textOf(b));
}

function textOf(path: Path): string {
  return [endName(path.from), ...path.hops.map((hop) => endName(hop.to))].join(' ');
}
