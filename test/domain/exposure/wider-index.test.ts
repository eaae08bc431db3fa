import fc from 'fast-check';
import { expect, test } from 'vitest';
import { namespaceScope } from '../../../src/domain/exposure/namespace-scope.js';
import { podsWithin, type PotentialPods } from '../../../src/domain/exposure/potential-pods.js';
import { widerIndex } from '../../../src/domain/exposure/wider-index.js';
import { canOverlap, type LabelSelector } from '../../../src/domain/model/selector.js';
import { runs } from '../../support/runs.js';

const NAME = 'kubernetes.io/metadata.name';
const KNOWN = new Map([
  ['a', { [NAME]: 'a', x: '1' }],
  ['b', { [NAME]: 'b' }],
]);

const selector = (keys: readonly [string, ...string[]]): fc.Arbitrary<LabelSelector> => {
  const key = fc.constantFrom(...keys);
  const value = fc.constantFrom('a', 'b', '1');
  const requirement = fc.oneof(
    fc.record({
      key,
      operator: fc.constantFrom('In' as const, 'NotIn' as const),
      values: fc.array(value, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ key, operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const) }),
  );
  const labels = fc.dictionary(key, value, { maxKeys: 2 });
  return fc.record({ matchLabels: labels, matchExpressions: fc.array(requirement, { maxLength: 2 }) });
};

const pods: fc.Arbitrary<PotentialPods> = fc
  .record({ where: fc.option(selector([NAME, 'x']), { nil: undefined }), pods: selector(['x', 'y']) })
  .map(({ where, pods: labels }) => ({
    namespaces: where === undefined ? { kind: 'one' as const, name: 'a' } : namespaceScope(where, KNOWN),
    pods: labels,
  }))
  .filter((one): one is PotentialPods => one.namespaces !== undefined && canOverlap(one.pods, {}));

test('what is wider is found, however many there are', () => {
  const property = fc.property(fc.array(pods, { minLength: 13, maxLength: 20 }), (list) => {
    const items = list.map((one) => ({ pods: one }));
    const widerThan = widerIndex(items);
    for (const inner of list) {
      const found = new Set(widerThan(inner));
      for (const outer of items)
        if (podsWithin(inner, outer.pods, KNOWN)) expect(found, JSON.stringify([inner, outer.pods])).toContain(outer);
    }
  });
  fc.assert(property, runs(100, 'costly'));
});
