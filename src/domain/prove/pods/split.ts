import { exactly } from './label-rule.js';
import { EVERY_POD, setOf, type PodSet } from './pod-set.js';

/** A second label is taken apart only where that gives no more parts than this: parts of labels multiply. */
const PARTS_MAX = 32;

/** Takes sets apart. */
export type Split = (set: PodSet) => readonly PodSet[];

/**
 * The same pods in parts of one value a label: `app In [a, b]` falls into `app=a` and `app=b`, so that a peer that was merged from many,
 * and the many, come out the same. Equal parts are one object.
 * @example splitter()(podSet('shop', { matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'b'] }] })).length // 2
 */
export function splitter(): Split {
  const known = new Map<PodSet, readonly PodSet[]>();
  const parts = new Map([[EVERY_POD.key, EVERY_POD]]);
  const single = (part: PodSet): PodSet => {
    const same = parts.get(part.key);
    if (same === undefined) parts.set(part.key, part);
    return same ?? part;
  };
  return (set) => {
    const found = known.get(set);
    if (found !== undefined) return found;
    const split = splitSet(set).map(single);
    known.set(set, split);
    return split;
  };
}

function splitSet(set: PodSet): readonly PodSet[] {
  const lists = [...set.rules].filter(
    ([, { kind, absent, values }]) => kind === 'only' && !absent && values.length > 1,
  );
  if (lists.length === 0) return [set];
  let parts: readonly PodSet[] = [set];
  for (const [key, { values }] of lists.sort(([, a], [, b]) => b.values.length - a.values.length)) {
    if (parts.length > 1 && parts.length * values.length > PARTS_MAX) continue;
    parts = parts.flatMap((part) => values.map((value) => setOf(new Map(part.rules).set(key, exactly(value)))));
  }
  return parts;
}
