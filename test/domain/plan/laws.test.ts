import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareText } from '../../../src/domain/errors.js';
import type { NetworkPolicy } from '../../../src/domain/kubernetes/network-policy.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { planSteps } from '../../../src/domain/plan/plan.js';
import { isDefaultDeny } from '../../../src/domain/plan/selection.js';
import type { PlanStep } from '../../../src/domain/plan/step.js';
import { SYNC_WAVE, syncWaves } from '../../../src/domain/plan/sync-waves.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { runs } from '../../support/runs.js';
import { snapshots } from '../compile/random-snapshot.js';
import { allowedBy, castOf, cutsOf, holesOf, statesOf } from './along-the-way.js';
import { versions, type Versions } from './pair-of-versions.js';

const byName = (policies: readonly NetworkPolicy[]): NetworkPolicy[] =>
  [...policies].sort((a, b) => compareText(keyOf(a), keyOf(b)));

describe('a plan from one version to another', () => {
  test('denies at no prefix what both allow, and ends with the objects of the new one', () => {
    const check = ([from, to]: Versions): void => {
      const [before, after] = [renderBundle(from).policies, renderBundle(to).policies];
      const states = statesOf(before, planSteps(before, after));
      expect(byName(states.at(-1) ?? [])).toEqual(byName(after));
      const cast = castOf(from, to);
      const ends = [allowedBy(cast, before), allowedBy(cast, after)] as const;
      for (const [done, state] of states.entries())
        expect([`after ${done} steps`, ...cutsOf(cast, ...ends, allowedBy(cast, state))]).toHaveLength(1);
    };
    fc.assert(fc.property(versions({ own: false }), check), runs(10, 'costly'));
  });

  test('lets no pod do what it may do in neither version, where no pod is of two tiers', () => {
    const check = ([from, to]: Versions): void => {
      const [before, after] = [renderBundle(from).policies, renderBundle(to).policies];
      const states = statesOf(before, planSteps(before, after));
      const cast = castOf(from, to);
      for (const type of ['Ingress', 'Egress'] as const) {
        const ends = [allowedBy(cast, before, type), allowedBy(cast, after, type)] as const;
        for (const [done, state] of states.entries()) {
          const now = allowedBy(cast, state, type);
          expect([`after ${done} steps`, ...cutsOf(cast, ...ends, now), ...holesOf(cast, ...ends, now)]).toHaveLength(
            1,
          );
        }
      }
    };
    fc.assert(fc.property(versions({ own: true }), check), runs(5, 'costly'));
  });
});

describe('a plan that was broken off', () => {
  test('can be carried out again from its start, with nothing cut', () => {
    const check = ([[from, to], die]: readonly [Versions, number]): void => {
      const [before, after] = [renderBundle(from).policies, renderBundle(to).policies];
      const steps = planSteps(before, after);
      const broken = statesOf(before, steps)[die % (steps.length + 1)] ?? [];
      const states = statesOf(broken, steps, 'again');
      expect(byName(states.at(-1) ?? [])).toEqual(byName(after));
      const cast = castOf(from, to);
      const ends = [allowedBy(cast, before), allowedBy(cast, after)] as const;
      for (const [done, state] of states.entries())
        expect([`after ${done} steps`, ...cutsOf(cast, ...ends, allowedBy(cast, state))]).toHaveLength(1);
    };
    fc.assert(fc.property(fc.tuple(versions({ own: false }), fc.nat(1_000)), check), runs(5, 'costly'));
  });
});

describe('orders that tools choose', () => {
  /** Any order in which each namespace's default deny comes after its other objects, as by name it does. */
  const orders = fc.tuple(snapshots({ own: true }), fc.infiniteStream(fc.nat(1_000_000))).map(([snapshot, dice]) => {
    const rank = (policy: NetworkPolicy) => (isDefaultDeny(policy) ? 1_000_001 : (dice.next().value ?? 0));
    const ranked = renderBundle(snapshot).policies.map((policy) => [rank(policy), policy] as const);
    return { snapshot, shuffled: ranked.sort(([a], [b]) => a - b).map(([, policy]) => policy) };
  });

  test('of a first apply, by namespace and name, by name alone, or at random, deny nothing that the bundle allows', () => {
    const check = ({ snapshot, shuffled }: { snapshot: Snapshot; shuffled: readonly NetworkPolicy[] }): void => {
      const name = ({ metadata }: NetworkPolicy): string => metadata.name;
      const byNameAlone = [...shuffled].sort((a, b) => compareText(name(a), name(b)));
      const cast = castOf(snapshot);
      const ends = [allowedBy(cast, []), allowedBy(cast, shuffled)] as const;
      for (const order of [byName(shuffled), byNameAlone, shuffled])
        for (const done of order.keys())
          expect([`after ${done}`, ...cutsOf(cast, ...ends, allowedBy(cast, order.slice(0, done)))]).toHaveLength(1);
    };
    fc.assert(fc.property(orders, check), runs(5, 'costly'));
  });

  test('of sync waves and pruning at the end deny nothing that both versions allow, or are refused', () => {
    let done = 0;
    const check = ([from, to]: Versions): void => {
      const [before, after] = [renderBundle(from).policies, renderBundle(to).policies];
      const waves = syncWaves(before, after, planSteps(before, after));
      if (waves.kind === 'impossible') {
        expect(waves.reasons).not.toEqual([]);
        return;
      }
      done++;
      const cast = castOf(from, to);
      const ends = [allowedBy(cast, before), allowedBy(cast, after)] as const;
      const states = statesOf(before, argoSteps(before, waves.objects));
      for (const state of states) expect(cutsOf(cast, ...ends, allowedBy(cast, state))).toEqual([]);
    };
    fc.assert(fc.property(versions({ own: true }), check), runs(24, 'costly'));
    expect(done).toBeGreaterThan(2);
  });
});

/** Wave by wave, within a wave against the order of names; then everything goes that is not there any more. */
function argoSteps(before: readonly NetworkPolicy[], objects: readonly NetworkPolicy[]): PlanStep[] {
  const there = new Set(before.map(keyOf));
  const stays = new Set(objects.map(keyOf));
  const waveOf = ({ metadata }: NetworkPolicy) => Number(metadata.annotations?.[SYNC_WAVE]);
  const applied = byName(objects)
    .reverse()
    .sort((a, b) => waveOf(a) - waveOf(b));
  const pruned = before.filter((object) => !stays.has(keyOf(object)));
  return [...applied, ...pruned].map((object, at) => ({
    ...{ number: at + 1, reason: 'changed', why: '', namespace: object.metadata.namespace, name: object.metadata.name },
    ...(at < applied.length
      ? { action: there.has(keyOf(object)) ? 'change' : 'create', object }
      : { action: 'delete' }),
  }));
}

const keyOf = ({ metadata }: NetworkPolicy): string => `${metadata.namespace}/${metadata.name}`;
