import { compareText } from '../errors.js';
import { formatRange, type AddressRange } from '../evaluate/ranges.js';
import type { ConnectionChange } from './connection-change.js';

/** A change, and the range where one of its ends is outside the cluster. */
export interface RangedChange {
  readonly change: ConnectionChange;
  readonly end?: 'src' | 'dst';
  readonly range?: AddressRange;
}

/** Puts changes together that are the same but for ranges that touch, and sorts all by source and destination. */
export function mergeNeighbours(changes: readonly RangedChange[]): ConnectionChange[] {
  const merged = new Map<string, { change: ConnectionChange; end: 'src' | 'dst'; ranges: AddressRange[] }>();
  const out: ConnectionChange[] = [];
  for (const { change, end, range } of changes) {
    if (end === undefined || range === undefined) {
      out.push(change);
      continue;
    }
    const key = JSON.stringify([end, end === 'src' ? change.dst : change.src, change.before, change.after]);
    const group = merged.get(key);
    if (group === undefined) merged.set(key, { change, end, ranges: [range] });
    else group.ranges.push(range);
  }
  for (const { change, end, ranges } of merged.values()) {
    for (const range of joinTouching(ranges)) out.push({ ...change, [end]: formatRange(range) });
  }
  return out.sort((a, b) => compareText(a.src, b.src) || compareText(a.dst, b.dst));
}

function joinTouching(ranges: readonly AddressRange[]): AddressRange[] {
  const sorted = [...ranges].sort((a, b) => compareText(a.family, b.family) || (a.first < b.first ? -1 : 1));
  const joined: AddressRange[] = [];
  for (const range of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && last.family === range.family && last.last + 1n === range.first) {
      joined[joined.length - 1] = { ...last, last: range.last };
    } else joined.push(range);
  }
  return joined;
}
