import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Labels } from '../../../src/domain/model/labels.js';
import type { LabelSelector } from '../../../src/domain/model/selector.js';
import { matches } from '../../../src/domain/evaluate/selector.js';
import { nearIndex } from '../../../src/domain/prove/pods/near.js';
import { outside } from '../../../src/domain/prove/pods/outside.js';
import { areApart, holdsPod, isNobody, meetSets, podSet, type PodSet } from '../../../src/domain/prove/pods/pod-set.js';
import { splitter } from '../../../src/domain/prove/pods/split.js';
import { witnessesOf } from '../../../src/domain/prove/pods/witness.js';
import { runs } from '../../support/runs.js';
import { selectors } from '../compile/random-snapshot.js';

const NAME = 'kubernetes.io/metadata.name';
const VALUES = [undefined, 'x', 'y', 'z', '', 'other'];

/** Every pod that the random selectors could tell apart. `other` stands for all values that nobody names. */
const PODS: readonly Labels[] = VALUES.flatMap((app) =>
  VALUES.flatMap((track) => VALUES.map((constructor) => present({ app, track, constructor }))),
);
const SPACES: readonly Labels[] = ['one', 'two', 'other'].flatMap((name) =>
  [undefined, 'blue', 'other'].map((team) => present({ [NAME]: name, team })),
);

function present(labels: Readonly<Record<string, string | undefined>>): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

const wheres: fc.Arbitrary<string | LabelSelector> = fc.constantFrom<string | LabelSelector>(
  'one',
  'two',
  {},
  { matchLabels: { team: 'blue' } },
  { matchExpressions: [{ key: NAME, operator: 'NotIn', values: ['one'] }] },
);
const sets = fc.tuple(wheres, selectors).map(([where, pods]) => podSet(where, pods));

/** The members of a set, as one text. */
function membersOf(set: PodSet): string {
  return SPACES.map((space) => PODS.map((pod) => (holdsPod(set, space, pod) ? '1' : '0')).join('')).join(' ');
}

describe('a set of pods', () => {
  test('holds what its selectors match', () => {
    const check = (where: string | LabelSelector, pods: LabelSelector): void => {
      const set = podSet(where, pods);
      for (const space of SPACES) {
        const there = typeof where === 'string' ? space[NAME] === where : matches(where, space);
        for (const pod of PODS) expect(holdsPod(set, space, pod)).toBe(there && matches(pods, pod));
      }
    };
    fc.assert(fc.property(wheres, selectors, check), runs(30));
  });

  test('has one key for the same pods, and another for others', () => {
    const check = (a: PodSet, b: PodSet): void => {
      expect(a.key === b.key).toBe(membersOf(a) === membersOf(b));
    };
    fc.assert(fc.property(sets, sets, check), runs(30));
    const a = podSet('one', { matchExpressions: [{ key: 'app', operator: 'In', values: ['x', 'x'] }] });
    expect(a.key).toBe(podSet('one', { matchLabels: { app: 'x' } }).key);
  });

  test('meets another one in what both hold', () => {
    const check = (a: PodSet, b: PodSet): void => {
      const both = SPACES.flatMap((space) => PODS.filter((pod) => holdsPod(a, space, pod) && holdsPod(b, space, pod)));
      const met = meetSets(a, b);
      expect(SPACES.flatMap((space) => PODS.filter((pod) => holdsPod(met, space, pod)))).toEqual(both);
      expect(areApart(a, b)).toBe(both.length === 0);
      expect(isNobody(met)).toBe(both.length === 0);
    };
    fc.assert(fc.property(sets, sets, check), runs(30));
  });

  test('has witnesses that are in it', () => {
    const check = (set: PodSet): void => {
      for (const { namespace, namespaceLabels, labels } of isNobody(set) ? [] : witnessesOf(set)) {
        const space = present({ ...Object.fromEntries(namespaceLabels), [NAME]: namespace ?? 'made-up' });
        expect(holdsPod(set, space, labels)).toBe(true);
      }
    };
    fc.assert(fc.property(sets, check), runs(200));
  });

  test('falls into parts that hold the same pods together', () => {
    const check = (set: PodSet): void => {
      const parts = splitter()(set);
      const members = SPACES.map((space) =>
        PODS.map((pod) => (parts.some((part) => holdsPod(part, space, pod)) ? '1' : '0')).join(''),
      );
      expect(members.join(' ')).toBe(membersOf(set));
    };
    fc.assert(fc.property(sets, check), runs(30));
  });
});

describe('outside', () => {
  test('finds pods of a set that no other holds, exactly where there are any', () => {
    const check = (set: PodSet, others: readonly PodSet[]): void => {
      const alone = SPACES.some((space) =>
        PODS.some((pod) => holdsPod(set, space, pod) && !others.some((other) => holdsPod(other, space, pod))),
      );
      const found = outside(set, others);
      expect(found.kind).toBe(alone ? 'found' : 'none');
      if (found.kind !== 'found') return;
      expect(areApart(found.pods, set)).toBe(false);
      for (const other of others) expect(areApart(found.pods, other)).toBe(true);
    };
    fc.assert(fc.property(sets, fc.array(sets, { maxLength: 6 }), check), runs(150));
  });

  test('gives up rather than search without end', () => {
    const others = Array.from({ length: 40 }, (_, i) =>
      podSet({}, { matchLabels: { [`a${i}`]: 'x', [`b${i}`]: 'y', [`c${i}`]: 'z' } }),
    );
    const every = podSet({}, { matchExpressions: others.map((_, i) => ({ key: `a${i}`, operator: 'Exists' })) });
    const covering = podSet({}, { matchExpressions: [{ key: 'a0', operator: 'Exists' }] });
    expect(outside(every, [...others, covering]).kind).toBe('unknown');
    const many = Array.from({ length: 3_000 }, (_, i) => podSet('one', { matchLabels: { app: `a${i}` } }));
    expect(outside(podSet('one', {}), many).kind).toBe('unknown');
  });
});

describe('the index of sets', () => {
  test('finds those that share a pod', () => {
    const check = (set: PodSet, others: readonly PodSet[]): void => {
      const near = nearIndex(others)(set);
      expect(new Set(near)).toEqual(new Set(others.filter((other) => !areApart(set, other))));
    };
    fc.assert(fc.property(sets, fc.array(sets, { maxLength: 12 }), check), runs(150));
  });
});
