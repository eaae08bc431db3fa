import { grantsPeer, sharedFamilies, type End } from '../../evaluate/ends.js';
import type { Direction } from '../../evaluate/grants.js';
import { portsAt, type PortRule } from '../../evaluate/port-rule.js';
import { sharePorts } from '../../evaluate/port-set.js';
import type { World } from '../../evaluate/world.js';
import type { Effort } from './effort.js';

/** More pairs of unlike pods than this are not asked one by one: some of so many will meet. */
const PAIRS_MAX = 400;

/**
 * True where no pod of `subjects` can use a rule with any pod of `others`, as the side of the others does not allow it. `direction` is
 * the rule's: the others' side is the opposite one. False also where there were too many to ask.
 */
export function isOtherSideClosed(
  world: World,
  direction: Direction,
  opens: PortRule,
  { subjects, others }: { readonly subjects: ReadonlySet<number>; readonly others: ReadonlySet<number> },
  effort: Effort,
): boolean {
  if (subjects.size * others.size > PAIRS_MAX) return false;
  const opposite = direction === 'ingress' ? 'egress' : 'ingress';
  for (const subject of subjects) {
    for (const other of others) {
      if (!isolates(world, opposite, other)) return false;
      if (!effort.spend(costOf(world, opposite, other))) return false;
      const [from, to] = direction === 'ingress' ? [other, subject] : [subject, other];
      if (canUse(world, opposite, opens, endOf(world, from), endOf(world, to))) return false;
    }
  }
  return subjects.size > 0 && others.size > 0;
}

/** One rule of the other side that names this end and shares a port is enough. */
function canUse(world: World, side: Direction, opens: PortRule, from: End | undefined, to: End | undefined): boolean {
  if (from?.kind !== 'pods' || to?.kind !== 'pods') return true;
  const [subject, peer] = side === 'egress' ? [from, to] : [to, from];
  const wanted = portsAt(opens, to.pods);
  const families = sharedFamilies(from, to);
  for (const { grants } of world.isolation[side].get(subject.pods.id) ?? []) {
    for (const grant of grants) {
      const names = families.some((family) => grantsPeer(grant, peer, family));
      if (names && sharePorts(portsAt(grant.ports, to.pods), wanted)) return true;
    }
  }
  return false;
}

function isolates(world: World, side: Direction, id: number): boolean {
  return world.isolation[side].has(id);
}

function costOf(world: World, side: Direction, id: number): number {
  return (world.isolation[side].get(id) ?? []).reduce((sum, { grants }) => sum + grants.length, 1);
}

function endOf({ classes }: World, id: number): End | undefined {
  const pods = classes[id];
  return pods === undefined ? undefined : { kind: 'pods', pods };
}
