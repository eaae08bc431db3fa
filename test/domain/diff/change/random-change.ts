import fc from 'fast-check';
import { tierRef } from '../../../../src/domain/model/entities.js';
import type { Snapshot } from '../../../../src/domain/model/snapshot.js';
import { snapshots } from '../../compile/random-snapshot.js';

const OWNERS = { a: 'red', 'a-b': 'red', b: 'blue', shop: 'green' };
const APPLICATIONS = Object.entries(OWNERS).map(([name, team]) => ({ name, team }));

/** For each name: as it was, as in the other one, or gone. */
type Die = 'kept' | 'other' | 'gone';
const dice = fc.infiniteStream(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<Die>('kept') },
    { weight: 2, arbitrary: fc.constant<Die>('other') },
    { weight: 1, arbitrary: fc.constant<Die>('gone') },
  ),
);

/** Two snapshots that have most things in common, by value and not by identity, in the same order or in another. */
export function changes({ own }: { readonly own: boolean }): fc.Arbitrary<readonly [Snapshot, Snapshot]> {
  return fc
    .tuple(snapshots({ own }), snapshots({ own }), dice, fc.boolean(), fc.boolean())
    .map(([before, other, die, sameProfile, sameOrder]) => {
      const start = { ...before, applications: APPLICATIONS };
      const environment = structuredClone(sameProfile ? before.environment : other.environment);
      const roll = (): Die => die.next().value ?? 'kept';
      return [start, { ...mixed(start, other, sameOrder ? 'same order' : 'turned', roll), environment }] as const;
    });
}

function mixed(one: Snapshot, other: Snapshot, order: 'same order' | 'turned', roll: () => Die): Snapshot {
  const pick = <T>(mine: readonly T[], theirs: readonly T[], nameOf: (item: T) => string): T[] => {
    const all = [...new Set([...mine, ...theirs].map(nameOf))];
    return (order === 'turned' ? all.reverse() : all).flatMap((name) => {
      const die = roll();
      const from = die === 'kept' ? mine : die === 'other' ? theirs : [];
      return structuredClone(from.filter((item) => nameOf(item) === name));
    });
  };
  return {
    ...one,
    tiers: pick(one.tiers, other.tiers, tierRef),
    peers: pick(one.peers, other.peers, ({ name }) => name),
    placements: pick(one.placements, other.placements, ({ application }) => application),
    flows: pick(one.flows, other.flows, ({ name }) => name),
  };
}
