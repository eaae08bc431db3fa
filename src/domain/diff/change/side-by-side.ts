import { compareText } from '../../errors.js';

/** How the items of two lists are told apart and compared; `same` minds the names too, so that no text is made of most items. */
export interface Comparison<T> {
  readonly nameOf: (item: T) => string;
  readonly same: (a: T, b: T) => boolean;
}

/** Two lists, laid side by side. */
export interface SideBySide<T> {
  /** The items, by name, that only one list has or that differ, as both have them. */
  readonly differing: readonly T[];
  /** Where both lists say the same, item after item. */
  readonly stretches: readonly Stretch[];
  /** The items of each list that stand in no stretch. */
  readonly apart: Readonly<Record<'before' | 'after', readonly T[]>>;
}

/** So many items that are the same in both lists, from these places on. */
export interface Stretch {
  readonly before: number;
  readonly after: number;
  readonly length: number;
}

/**
 * Walks over two lists at once. Lists of one model are mostly in the same order, so most of what did not change is met in step, and only what
 * is not is looked up by name. Takes lists in any order, of items with names of their own.
 * @example sideBySide(before.peers, after.peers, { nameOf: ({ name }) => name, same: sameValue }).differing
 */
export function sideBySide<T>(before: readonly T[], after: readonly T[], comparison: Comparison<T>): SideBySide<T> {
  const stretches: Stretch[] = [];
  const apart = { before: [] as T[], after: [] as T[] };
  let [was, is] = [0, 0];
  while (was < before.length || is < after.length) {
    const length = stretchFrom(before, was, after, is, comparison);
    if (length > 0) stretches.push({ before: was, after: is, length });
    was += length;
    is += length;
    const [old, now] = [before[was], after[is]];
    // Of two names the one that comes first is the one the other list lacks, if both are sorted.
    const order =
      old === undefined || now === undefined ? 0 : compareText(comparison.nameOf(old), comparison.nameOf(now));
    if (old !== undefined && order <= 0) {
      apart.before.push(old);
      was++;
    }
    if (now !== undefined && order >= 0) {
      apart.after.push(now);
      is++;
    }
  }
  return { differing: differing(apart, comparison), stretches, apart };
}

/** How many items are the same, one after the other, from two places on. */
function stretchFrom<T>(
  before: readonly T[],
  was: number,
  after: readonly T[],
  is: number,
  { same }: Comparison<T>,
): number {
  const most = Math.min(before.length - was, after.length - is);
  const inStep = (a: T | undefined, b: T | undefined): boolean => a !== undefined && b !== undefined && same(a, b);
  let length = 0;
  while (length < most && inStep(before[was + length], after[is + length])) length++;
  return length;
}

function differing<T>({ before, after }: SideBySide<T>['apart'], { nameOf, same }: Comparison<T>): T[] {
  const old = new Map(before.map((item) => [nameOf(item), item]));
  const found = after.filter((item) => {
    const known = old.get(nameOf(item));
    if (known === undefined || !same(known, item)) return true;
    old.delete(nameOf(item));
    return false;
  });
  return [...found, ...old.values()];
}
