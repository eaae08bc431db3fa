import type { Family } from '../model/cidr.js';
import { budget, type Budget } from './budget.js';
import { grantGroups, portIds, type GrantGroup, type Membership } from './grant-groups.js';
import { ALL_PORTS, rangesIn, sharePorts } from './port-set.js';
import { NO_PORTS_ID, type PortTable } from './port-table.js';
import type { World } from './world.js';

/** For pods of one class: the classes they may reach, and the number of the port set. */
export type PodRow = ReadonlyMap<number, number>;

/** An outbound rule and an inbound rule under which a source may reach pods, and over which family. */
interface Meeting {
  readonly out: GrantGroup;
  readonly into: GrantGroup;
  readonly over: Family | 'any';
  readonly classes: ReadonlySet<number>;
}

const MAX_STEPS = 200_000_000;

/**
 * Gives the row of a source class. The work is that of the connections found, not of the pairs there are: either each
 * outbound rule meets each inbound rule that shares a port with it, and the smaller of the two sets of destinations is
 * walked; or, where a source has so many rules that this would cost more, all destinations of its rules are walked once.
 */
export function podRows(world: World, table: PortTable): (source: number) => PodRow {
  const egress = grantGroups(world, 'egress');
  const ingress = grantGroups(world, 'ingress');
  const idOf = portIds(world, table);
  const onNodes = podsByNode(world);
  const spend = budget(MAX_STEPS, 'steps');
  return (source) => {
    const outs = egress.ofUser[source] ?? [];
    const intos = ingress.ofPeer[source] ?? [];
    const meetings = meetingsOf(outs, intos, table, idOf, spend);
    const row =
      meetings === undefined
        ? byDestination(world, table, idOf, source, outs, intos)
        : byMeeting(world, table, idOf, source, meetings);
    for (const id of onNodes(source)) row.set(id, table.idOf(ALL_PORTS));
    return row;
  };
}

type PortIds = ReturnType<typeof portIds>;

/** The rules that share a port; nothing where walking them would cost more than walking every destination once. */
function meetingsOf(
  outs: readonly GrantGroup[],
  intos: readonly Membership[],
  table: PortTable,
  idOf: PortIds,
  spend: Budget,
): readonly Meeting[] | undefined {
  const most = destinationSteps(outs, intos);
  const meetings: Meeting[] = [];
  let steps = 0;
  for (const out of outs) {
    for (const { groups, family } of intos) {
      for (const into of groups) {
        steps += 1;
        if (disjoint(out, into, table, idOf)) continue;
        for (const part of out.peers.parts) {
          const over = shared(part.family, family);
          if (over === undefined) continue;
          steps += Math.min(part.classes.size, into.users.size);
          meetings.push({ out, into, over, classes: part.classes });
        }
      }
      if (steps > most) break;
    }
    if (steps > most) break;
  }
  spend(Math.min(steps, most));
  return steps > most ? undefined : meetings;
}

function destinationSteps(outs: readonly GrantGroup[], intos: readonly Membership[]): number {
  const out = outs.flatMap(({ peers }) => peers.parts).reduce((sum, { classes }) => sum + classes.size, 0);
  const into = intos.flatMap(({ groups }) => groups).reduce((sum, { users }) => sum + users.size, 0);
  return out + into;
}

/** Without names the ports are the same everywhere: one look tells that two rules never meet. */
function disjoint(out: GrantGroup, into: GrantGroup, table: PortTable, idOf: PortIds): boolean {
  if (out.ports.named.length > 0 || into.ports.named.length > 0) return false;
  if (rangesIn(out.ports.fixed) + rangesIn(into.ports.fixed) < FEW_RANGES)
    return !sharePorts(out.ports.fixed, into.ports.fixed);
  return table.intersect(idOf(out.ports, -1), idOf(into.ports, -1)) === NO_PORTS_ID;
}

/** Below this, looking again is cheaper than remembering. */
const FEW_RANGES = 32;

function shared(a: Family | 'any', b: Family | 'any'): Family | 'any' | undefined {
  if (a === 'any' || a === b) return b;
  return b === 'any' ? a : undefined;
}

function byMeeting(
  world: World,
  table: PortTable,
  idOf: PortIds,
  source: number,
  meetings: readonly Meeting[],
): Map<number, number> {
  const chains = new Map<number, number>();
  for (const { out, into, over, classes } of meetings) {
    const [few, many] = classes.size < into.users.size ? [classes, into.users] : [into.users, classes];
    for (const id of few) {
      if (!many.has(id) || !speakTogether(world, source, id, over)) continue;
      const ports = table.intersect(idOf(out.ports, id), idOf(into.ports, id));
      if (ports !== NO_PORTS_ID) chains.set(id, table.chain(chains.get(id), ports));
    }
  }
  return new Map([...chains].map(([id, chain]) => [id, table.resolve(chain)]));
}

/** All that the source's egress allows, all that each destination's ingress allows, and where both are, what they share. */
function byDestination(
  world: World,
  table: PortTable,
  idOf: PortIds,
  source: number,
  outs: readonly GrantGroup[],
  intos: readonly Membership[],
): Map<number, number> {
  const row = new Map<number, number>();
  for (const family of ['IPv4', 'IPv6'] as const) {
    const [out, into] = [new Map<number, number>(), new Map<number, number>()];
    const add = (chains: Map<number, number>, { ports }: GrantGroup, id: number) =>
      chains.set(id, table.chain(chains.get(id), idOf(ports, id)));
    for (const group of outs) {
      for (const part of group.peers.parts)
        if (shared(part.family, family) !== undefined) for (const id of part.classes) add(out, group, id);
    }
    for (const { groups, family: over } of intos) {
      if (shared(over, family) !== undefined)
        for (const group of groups) for (const id of group.users) if (out.has(id)) add(into, group, id);
    }
    for (const [id, chain] of into) {
      if (!speakTogether(world, source, id, family)) continue;
      const ports = table.intersect(table.resolve(out.get(id) ?? chain), table.resolve(chain));
      if (ports !== NO_PORTS_ID) row.set(id, table.union([row.get(id) ?? NO_PORTS_ID, ports]));
    }
  }
  return row;
}

/** True where both classes speak the family, or any one family. */
function speakTogether({ classes }: World, source: number, destination: number, over: Family | 'any'): boolean {
  const own = classes[source]?.families ?? [];
  return (
    classes[destination]?.families.some((family) => own.includes(family) && (over === 'any' || over === family)) ===
    true
  );
}

/** A node always reaches the pods that run on it: so do pods that are part of the node. */
function podsByNode(world: World): (source: number) => readonly number[] {
  const byNode = new Map<string, number[]>();
  for (const { id, nodes } of world.classes) {
    for (const node of nodes) {
      const ids = byNode.get(node);
      if (ids === undefined) byNode.set(node, [id]);
      else ids.push(id);
    }
  }
  return (source) => {
    const pods = world.classes[source];
    return pods?.onNode === true ? [...new Set(pods.nodes.flatMap((node) => byNode.get(node) ?? []))] : [];
  };
}
