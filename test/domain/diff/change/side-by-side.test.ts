import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sideBySide } from '../../../../src/domain/diff/change/side-by-side.js';
import { runs } from '../../../support/runs.js';

interface Item {
  readonly name: string;
  readonly says: number;
}

const nameOf = ({ name }: Item): string => name;
const same = (a: Item, b: Item): boolean => a.name === b.name && a.says === b.says;
const lines = (items: readonly Item[]): string[] => items.map(({ name, says }) => `${name} ${says}`);

const letters = [...'abcdefghij'];
const items = fc
  .tuple(fc.subarray(letters), fc.array(fc.integer({ min: 0, max: 1 }), { minLength: letters.length }))
  .map(([names, says]) => names.map((name, at): Item => ({ name, says: says[at] ?? 0 })));
const shuffled = items.chain((list) => fc.shuffledSubarray(list, { minLength: list.length }));

const lacking = (list: readonly Item[], other: readonly Item[]): string[] => {
  const known = lines(other);
  return lines(list).filter((line) => !known.includes(line));
};

describe('two lists side by side', () => {
  test('differ in what one of them lacks or says otherwise, in whatever order they are', () => {
    const check = (before: Item[], after: Item[]): void => {
      const { differing } = sideBySide(before, after, { nameOf, same });
      expect(lines(differing).sort()).toEqual([...lacking(before, after), ...lacking(after, before)].sort());
    };
    fc.assert(fc.property(shuffled, shuffled, check), runs(300));
  });

  test('are made of stretches that say the same and of what stands apart, in whatever order they are', () => {
    const check = (before: Item[], after: Item[]): void => {
      const { stretches, apart } = sideBySide(before, after, { nameOf, same });
      const was = stretches.flatMap(({ before: at, length }) => before.slice(at, at + length));
      const is = stretches.flatMap(({ after: at, length }) => after.slice(at, at + length));
      expect(is).toEqual(was);
      expect(lines([...was, ...apart.before]).sort()).toEqual(lines(before).sort());
      expect(lines([...is, ...apart.after]).sort()).toEqual(lines(after).sort());
    };
    fc.assert(fc.property(shuffled, shuffled, check), runs(300));
  });

  test('keep nothing apart that is the same, where both are in order', () => {
    const check = (before: Item[], after: Item[]): void => {
      const { apart } = sideBySide(before, after, { nameOf, same });
      expect(lines(apart.before)).toEqual(lacking(before, after));
      expect(lines(apart.after)).toEqual(lacking(after, before));
    };
    fc.assert(fc.property(items, items, check), runs(300));
  });
});
