import { endName } from '../model/entities.js';
import { lastPort, type PortRange } from '../model/ports.js';
import type { DeclaredConnection } from './declared.js';

/** The connections of an edition by their ends: made once, asked often. */
export interface ConnectionGraph {
  /** All of them, in their order. */
  readonly all: readonly DeclaredConnection[];
  readonly forwards: Neighbours;
  readonly backwards: Neighbours;
}

type Neighbours = ReadonlyMap<string, readonly DeclaredConnection[]>;
export type Walk = 'forwards' | 'backwards';

/**
 * Sorts connections by their sources and by their destinations.
 * @example connectionGraph(declaredConnections(snapshot)).forwards.get('shop/frontend')
 */
export function connectionGraph(all: readonly DeclaredConnection[]): ConnectionGraph {
  return { all, forwards: neighbours(all, 'forwards'), backwards: neighbours(all, 'backwards') };
}

function neighbours(connections: readonly DeclaredConnection[], walk: Walk): Neighbours {
  const next = new Map<string, DeclaredConnection[]>();
  for (const connection of connections) {
    const near = endName(walk === 'forwards' ? connection.from : connection.to);
    const known = next.get(near);
    if (known === undefined) next.set(near, [connection]);
    else known.push(connection);
  }
  return next;
}

/** What narrows a list of connections down. */
export interface ConnectionFilter {
  /** `application/tier` or the name of a peer. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly port?: number | undefined;
}

/**
 * The connections from an end, to an end, on a port, or all, in their order.
 * @example narrowed(graph, { to: 'shop/backend' })
 */
export function narrowed(
  { all, forwards, backwards }: ConnectionGraph,
  { from, to, port }: ConnectionFilter,
): readonly DeclaredConnection[] {
  const candidates =
    from !== undefined ? (forwards.get(from) ?? []) : to !== undefined ? (backwards.get(to) ?? []) : all;
  return candidates.filter((one) => (to === undefined || endName(one.to) === to) && holds(one.ports, port));
}

function holds(ports: readonly PortRange[], port: number | undefined): boolean {
  return port === undefined || ports.some((range) => range.port <= port && port <= lastPort(range));
}
