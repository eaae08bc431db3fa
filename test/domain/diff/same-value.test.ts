import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sameValue } from '../../../src/domain/diff/same-value.js';
import { runs } from '../../support/runs.js';

/** The same value with the keys of every object in the opposite order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, held]) => [key, turned(held)]),
  );
}

describe('sameValue', () => {
  test('holds whatever the order of keys', () => {
    const check = (value: unknown): boolean => sameValue(value, turned(value)) && sameValue(turned(value), value);
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), check), runs(300));
  });

  test('agrees with JSON where keys are in order', () => {
    const check = (a: unknown, b: unknown): void => {
      const texts = [a, b].map((value) => JSON.stringify(sorted(value)));
      expect(sameValue(a, b)).toBe(texts[0] === texts[1]);
    };
    const few = fc.jsonValue({ maxDepth: 2, stringUnit: fc.constantFrom('a', 'b') });
    fc.assert(fc.property(few, few, check), runs(1000));
  });

  test.each<[situation: string, a: unknown, b: unknown, same: boolean]>([
    ['a key that holds nothing is as good as none', { port: 80, endPort: undefined }, { port: 80 }, true],
    ['and the other way around', { port: 80 }, { port: 80, endPort: undefined }, true],
    ['but one key for another is not', { a: undefined, b: 1 }, { a: 1, b: undefined }, false],
    ['nor is a key that holds nothing as good as another', { a: undefined }, { b: 1 }, false],
    ['an inherited key is none', { constructor: 'x' }, {}, false],
    ['nor is one on the other side', {}, { toString: 'x' }, false],
    ['a list is no object', [], {}, false],
    ['an object is no list', { 0: 'a' }, ['a'], false],
    ['a longer list', ['a'], ['a', 'b'], false],
    ['null is no object', null, {}, false],
  ])('%s', (_, a, b, same) => expect(sameValue(a, b)).toBe(same));
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, held]): [string, unknown] => [key, sorted(held)]);
  return { entries: entries.sort(([one], [other]) => (one < other ? -1 : 1)) };
}
