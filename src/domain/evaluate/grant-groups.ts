import type { Direction, Grant } from './grants.js';
import type { PeerSet } from './peer-set.js';
import { portRule, portsAt, type PortRule } from './port-rule.js';
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

/** Gathers equal rules. Pods that nothing isolates are users of one more group: anyone, on every port. */
export function grantGroups(world: World, direction: Direction): GrantGroups {
  const groups = new Map<string, GrantGroup>();
  const ofUser = world.classes.map(({ id }) => {
    const grants = world.isolation[direction].get(id)?.flatMap((side) => side.grants) ?? [openGrant(world, direction)];
    return [...new Set(grants.map((grant) => groupOf(groups, grant)))];
  });
  for (const [id, list] of ofUser.entries()) for (const group of list) group.users.add(id);
  return { direction, ofUser, ofPeer: byPeer(world, [...groups.values()]) };
}

function openGrant({ classes, ranges }: World, direction: Direction): Grant {
  const all = new Set(classes.map(({ id }) => id));
  const count = ranges[direction].length;
  const peers = {
    id: -1,
    parts: [{ family: 'any' as const, classes: all }],
    ranges: count === 0 ? [] : [0, count - 1],
  };
  return { peers, ports: portRule(undefined, 'range') };
}

function groupOf(groups: Map<string, GrantGroup>, { peers, ports }: Grant): GrantGroup {
  const key = `${peers.id} ${ports.key}`;
  const group = groups.get(key) ?? { peers, ports, users: new Set<number>() };
  groups.set(key, group);
  return group;
}

function byPeer(world: World, groups: readonly GrantGroup[]): GrantGroups['ofPeer'] {
  const bySet = new Map<number, GrantGroup[]>();
  for (const group of groups) {
    const same = bySet.get(group.peers.id);
    if (same === undefined) bySet.set(group.peers.id, [group]);
    else same.push(group);
  }
  const lists = world.classes.map((): Membership[] => []);
  for (const same of bySet.values()) {
    for (const { family, classes } of same[0]?.peers.parts ?? []) {
      const membership = { groups: same, family };
      for (const id of classes) lists[id]?.push(membership);
    }
  }
  return lists;
}

/** The ports of a rule at a destination, as a number of the table; looked up once for a rule without names. */
export function portIds(world: World, table: PortTable): (rule: PortRule, destination: number) => number {
  const fixed = new Map<string, number>();
  const named = new Map<string, number>();
  return (rule, destination) => {
    const [known, key] = rule.named.length === 0 ? [fixed, rule.key] : [named, `${destination} ${rule.key}`];
    const id = known.get(key) ?? table.idOf(portsAt(rule, world.classes[destination]));
    known.set(key, id);
    return id;
  };
}
