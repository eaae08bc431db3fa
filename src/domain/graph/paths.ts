import { endName, type Endpoint } from '../model/entities.js';
import { compareText } from '../errors.js';
import type { ConnectionGraph, Walk } from './connection-graph.js';
import type { DeclaredConnection } from './declared.js';

/** How far one gets without being asked for more. */
export const HOPS = 8;
export const HOPS_MAX = 32;
/** How many ways between two ends are listed. */
export const WAYS_MAX = 100;
/** How many ends that one can reach, or can be reached from, are listed: the nearest ones. */
export const ENDS_MAX = 1_000;
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
  /** False where there may be more than are listed. */
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
 * @example findPaths(graph, { kind: 'from', from: 'shop/frontend', maxHops: 8 }).paths.map(({ to }) => to) // backend, database
 */
export function findPaths(graph: ConnectionGraph, question: PathQuestion): Paths {
  switch (question.kind) {
    case 'from':
      return spread(graph, question.from, question.maxHops, 'forwards');
    case 'to':
      return spread(graph, question.to, question.maxHops, 'backwards');
    case 'between':
      return ways(graph, question.from, question.to, question.maxHops);
  }
}

/** Breadth first: the first way to an end is a shortest one. */
function spread(graph: ConnectionGraph, start: string, maxHops: number, walk: Walk): Paths {
  const next = graph[walk];
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
  const paths = [...found.values()].flatMap(pathOf).sort(comparePaths);
  return { paths: paths.slice(0, ENDS_MAX), complete: paths.length <= ENDS_MAX };
}

/** Level by level over simple ways, so the shortest come first and the search can stop at its bound. */
function ways({ forwards: next }: ConnectionGraph, from: string, to: string, maxHops: number): Paths {
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
