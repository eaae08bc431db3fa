import type { Family } from '../model/cidr.js';
import { grantGroups, portIds, type GrantGroup } from './grant-groups.js';
import { ALL_PORTS } from './port-set.js';
import { NO_PORTS_ID, type PortTable } from './port-table.js';
import type { World } from './world.js';

/** For pods of one class: the classes they may reach, and the number of the port set. */
export type PodRow = ReadonlyMap<number, number>;

/**
 * Gives the row of a source class. The work is that of the connections found: of each outbound rule and each inbound rule
 * that share a port, the smaller of the two sets of destinations is walked.
 */
export function podRows(world: World, table: PortTable): (source: number) => PodRow {
  const egress = grantGroups(world, 'egress');
  const ingress = grantGroups(world, 'ingress');
  const idOf = portIds(world, table);
  const meet = (out: GrantGroup, into: GrantGroup, destination: number): number =>
    table.intersect(idOf(out.ports, destination), idOf(into.ports, destination));
  const onNodes = podsByNode(world);
  return (source) => {
    const row = new Map<number, number>();
    const add = (id: number, ports: number): unknown =>
      ports !== NO_PORTS_ID && row.set(id, table.union(row.get(id) ?? NO_PORTS_ID, ports));
    for (const out of egress.ofUser[source] ?? []) {
      for (const { groups, family } of ingress.ofPeer[source] ?? []) {
        for (const into of groups) {
          if (disjoint(out, into, meet)) continue;
          for (const id of destinations(world, source, out, into, family)) add(id, meet(out, into, id));
        }
      }
    }
    for (const id of onNodes(source)) add(id, table.idOf(ALL_PORTS));
    return row;
  };
}

/** Without names the ports are the same everywhere: one look tells that two rules never meet. */
function disjoint(
  out: GrantGroup,
  into: GrantGroup,
  meet: (a: GrantGroup, b: GrantGroup, id: number) => number,
): boolean {
  return out.ports.named.length === 0 && into.ports.named.length === 0 && meet(out, into, -1) === NO_PORTS_ID;
}

/** The classes that `out` reaches and `into` protects, where both can be over one family that both ends speak. */
function* destinations(
  world: World,
  source: number,
  out: GrantGroup,
  into: GrantGroup,
  family: Family | 'any',
): Generator<number> {
  const own = world.classes[source]?.families ?? [];
  for (const part of out.peers.parts) {
    if (part.family !== 'any' && family !== 'any' && part.family !== family) continue;
    const over = part.family === 'any' ? family : part.family;
    const shared = own.filter((one) => over === 'any' || one === over);
    const [few, many] = part.classes.size < into.users.size ? [part.classes, into.users] : [into.users, part.classes];
    for (const id of few) {
      if (many.has(id) && world.classes[id]?.families.some((one) => shared.includes(one)) === true) yield id;
    }
  }
}

/** A node always reaches the pods that run on it: so do pods that are part of the node. */
function podsByNode(world: World): (source: number) => readonly number[] {
  const byNode = new Map<string, number[]>();
  for (const { id, nodes } of world.classes) {
    for (const node of nodes) byNode.set(node, [...(byNode.get(node) ?? []), id]);
  }
  return (source) => {
    const pods = world.classes[source];
    return pods?.onNode === true ? [...new Set(pods.nodes.flatMap((node) => byNode.get(node) ?? []))] : [];
  };
}
