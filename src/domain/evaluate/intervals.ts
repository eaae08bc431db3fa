/** Sorted, disjoint, not touching intervals of whole numbers, flat: first, last, first, last ... */
export type Intervals = readonly number[];

/**
 * The intervals that hold exactly the numbers of all `pairs`, which may be in any order and overlap.
 * @example intervalsOf([[80, 80], [443, 445], [81, 90]]) // [80, 90, 443, 445]
 */
export function intervalsOf(pairs: readonly (readonly [number, number])[]): Intervals {
  const sorted = pairs.filter(([first, last]) => first <= last).sort((a, b) => a[0] - b[0]);
  const flat: number[] = [];
  for (const [first, last] of sorted) {
    const end = flat.at(-1);
    if (end === undefined || first > end + 1) flat.push(first, last);
    else if (last > end) flat[flat.length - 1] = last;
  }
  return flat;
}

/** The intervals as pairs of first and last. */
export function pairsOf(intervals: Intervals): [number, number][] {
  return Array.from({ length: intervals.length / 2 }, (_, i) => [intervals[2 * i] ?? 0, intervals[2 * i + 1] ?? 0]);
}

/** Every number that is in `a` or in `b`. */
export function unionIntervals(a: Intervals, b: Intervals): Intervals {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return intervalsOf([...pairsOf(a), ...pairsOf(b)]);
}

/** Every number that is in `a` and in `b`: one sweep over both. */
export function intersectIntervals(a: Intervals, b: Intervals): Intervals {
  const flat: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const first = Math.max(a[i] ?? 0, b[j] ?? 0);
    const lastA = a[i + 1] ?? 0;
    const lastB = b[j + 1] ?? 0;
    if (first <= Math.min(lastA, lastB)) flat.push(first, Math.min(lastA, lastB));
    if (lastA < lastB) i += 2;
    else j += 2;
  }
  return flat;
}

/** True where some number is in both: ends at the first one. */
export function shareNumbers(a: Intervals, b: Intervals): boolean {
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [lastA, lastB] = [a[i + 1] ?? 0, b[j + 1] ?? 0];
    if ((a[i] ?? 0) <= lastB && (b[j] ?? 0) <= lastA) return true;
    if (lastA < lastB) i += 2;
    else j += 2;
  }
  return false;
}

/** Every number that is in `a` and not in `b`: one sweep over both. */
export function subtractIntervals(a: Intervals, b: Intervals): Intervals {
  const flat: number[] = [];
  let j = 0;
  for (const [from, last] of pairsOf(a)) {
    let first = from;
    while (j < b.length && (b[j + 1] ?? 0) < first) j += 2;
    for (let k = j; k < b.length && (b[k] ?? 0) <= last; k += 2) {
      if ((b[k] ?? 0) > first) flat.push(first, (b[k] ?? 0) - 1);
      first = (b[k + 1] ?? 0) + 1;
      if (first <= last) j = k + 2;
    }
    if (first <= last) flat.push(first, last);
  }
  return flat;
}

/** True where some number from `from` to `to` is in one of the intervals, by bisection. */
export function overlaps(intervals: Intervals, from: number, to: number): boolean {
  let low = 0;
  let high = intervals.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((intervals[2 * middle + 1] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low < intervals.length / 2 && (intervals[2 * low] ?? 0) <= to;
}
