import { compareText } from '../../errors.js';
import { formatPortSet } from '../../evaluate/port-set.js';
import { LISTED_MAX, type Difference } from '../proof.js';
import type { RawDifference, Sides } from './sides.js';
import { otherText, subjectText, worded } from './wording.js';

/** So many are kept before the list is sorted and cut: memory stays flat however wrong the bytes are. */
const KEPT_MAX = 5_000;

interface Keyed {
  readonly key: string;
  readonly raw: RawDifference;
}

/**
 * Counts all differences and words the first ones, in the order of kind, subject, direction, other end and ports. Takes the differences
 * of each group one list after the other; equal ones in a list, of pods that only the proof tells apart, count once.
 */
export function firstDifferences(
  lists: Iterable<Iterable<RawDifference>>,
  sides: Sides,
): { readonly differences: readonly Difference[]; readonly count: number } {
  let kept: Keyed[] = [];
  let count = 0;
  const seen = new Set<string>();
  for (const list of lists) {
    for (const raw of list) {
      const key = keyOf(raw, sides);
      if (seen.size === seen.add(key).size) continue;
      if (kept.push({ key, raw }) > KEPT_MAX) kept = first(kept);
    }
    count += seen.size;
    seen.clear();
  }
  return { differences: first(kept).map(({ raw }) => worded(raw, sides)), count };
}

function keyOf(raw: RawDifference, sides: Sides): string {
  const { kind, direction, ports } = raw;
  return [kind, subjectText(raw, sides), direction, otherText(raw, sides), formatPortSet(ports)].join(' | ');
}

function first(kept: readonly Keyed[]): Keyed[] {
  return [...kept].sort((a, b) => compareText(a.key, b.key)).slice(0, LISTED_MAX);
}
