import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addSelector, holdersOf, selectorIndex } from '../../../../src/domain/diff/change/selector-index.js';
import {
  canOverlap,
  isSubset,
  type LabelRequirement,
  type LabelSelector,
} from '../../../../src/domain/model/selector.js';
import { runs } from '../../../support/runs.js';

const keys = fc.constantFrom('app', 'track');
const values = fc.constantFrom('x', 'y', 'z');
const requirements: fc.Arbitrary<LabelRequirement> = fc.oneof(
  fc.record({
    key: keys,
    operator: fc.constantFrom('In' as const, 'NotIn' as const),
    values: fc.uniqueArray(values, { minLength: 1 }),
  }),
  fc.record({ key: keys, operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const) }),
);
const selectors: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: fc.dictionary(keys, values, { maxKeys: 2 }),
  matchExpressions: fc.array(requirements, { maxLength: 3 }),
});

const holds = (outer: LabelSelector, inner: LabelSelector): boolean => {
  const index = selectorIndex();
  addSelector(index, 'outer', outer);
  return holdersOf(index, inner).length > 0;
};

describe('holdersOf', () => {
  test('finds what comparing every selector finds', () => {
    const check = (inner: LabelSelector, outer: LabelSelector): void => {
      fc.pre(canOverlap(inner, inner));
      expect(holds(outer, inner)).toBe(isSubset(inner, outer));
    };
    fc.assert(fc.property(selectors, selectors, check), runs(500));
  });

  test('a key that two expressions leave with one value is held by the label of that value', () => {
    const matchExpressions: LabelRequirement[] = [
      { key: 'app', operator: 'In', values: ['x', 'z'] },
      { key: 'app', operator: 'NotIn', values: ['z'] },
    ];
    expect(holds({ matchLabels: { app: 'x' } }, { matchExpressions })).toBe(true);
    expect(holds({ matchExpressions }, { matchLabels: { app: 'x' } })).toBe(true);
  });
});
