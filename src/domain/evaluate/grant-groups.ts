import type { Direction, Grant } from './grants.js';
import type { PeerSet } from './peer-set.js';
import { EVERY_PORT, portsAt, type PortRule } from './port-rule.js';
import type { PortTable } from './port-table.js';
import type { Family } from '../model/cidr.js';
import type { World } from './world.js';

/** The pods that share one rule: those whose policies let the same peers in (or out) on the same ports. */
export interface GrantGroup {
  readonly peers: PeerSet;
  readonly ports: PortRule;
  readonly users: Set<number>;
}

/** The groups of one direction, found from either end. */
export interface GrantGroups {
  readonly direction: Direction;
  /** By class: the groups it is a user of. */
  readonly ofUser: readonly (readonly GrantGroup[])[];
  /** By class: the groups whose peers it is among, and over which family. */
  readonly ofPeer: readonly (readonly Membership[])[];
}

/** The groups of one peer set: they are kept together, as a peer set has many members and may have many groups. */
export interface Membership {
  readonly groups: readonly GrantGroup[];
  readonly family: Family | 'any';
}

/** By the number of the peer set, then by the ports. */
type Groups = Map<number, Map<PortRule, GrantGroup>>;

/** Gathers equal rules. Pods that nothing isolates are users of one more group: anyone, on every port. */
export function grantGroups(world: World, direction: Direction): GrantGroups {
  const groups: Groups = new Map();
  const ofUser = world.classes.map(({ id }) => {
    const grants = world.isolation[direction].get(id)?.flatMap((side) => side.grants) ?? [openGrant(world, direction)];
    return [...new Set(grants.map((grant) => groupOf(groups, grant)))];
  });
  for (const [id, list] of ofUser.entries()) for (const group of list) group.users.add(id);
  return { direction, ofUser, ofPeer: byPeer(world, groups) };
}

function openGrant({ classes, ranges }: World, direction: Direction): Grant {
  const all = new Set(classes.map(({ id }) => id));
  const count = ranges[direction].length;
  const peers = {
    id: -1,
    parts: [{ family: 'any' as const, classes: all }],
    ranges: count === 0 ? [] : [0, count - 1],
  };
  return { peers, written: undefined, ports: EVERY_PORT };
}

function groupOf(groups: Groups, { peers, ports }: Grant): GrantGroup {
  const same = groups.get(peers.id) ?? new Map<PortRule, GrantGroup>();
  const group = same.get(ports) ?? { peers, ports, users: new Set<number>() };
  groups.set(peers.id, same.set(ports, group));
  return group;
}

function byPeer(world: World, groups: Groups): GrantGroups['ofPeer'] {
  const lists = world.classes.map((): Membership[] => []);
  for (const same of [...groups.values()].map((byPorts) => [...byPorts.values()])) {
    for (const { family, classes } of same[0]?.peers.parts ?? []) {
      const membership = { groups: same, family };
      for (const id of classes) lists[id]?.push(membership);
    }
  }
  return lists;
}

/** The ports of a rule at a destination, as a number of the table; looked up once for a rule without names. */
export function portIds(world: World, table: PortTable): (rule: PortRule, destination: number) => number {
  const fixed = new Map<PortRule, number>();
  const named = new Map<PortRule, Map<number, number>>();
  const namedId = (rule: PortRule, destination: number): number => {
    const ids = named.get(rule) ?? new Map<number, number>();
    const id = ids.get(destination) ?? table.idOf(portsAt(rule, world.classes[destination]));
    named.set(rule, ids.set(destination, id));
    return id;
  };
  return (rule, destination) => {
    if (rule.named.length > 0) return namedId(rule, destination);
    const id = fixed.get(rule) ?? table.idOf(rule.fixed);
    fixed.set(rule, id);
    return id;
  };
}
