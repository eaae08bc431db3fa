import type { Labels } from '../model/labels.js';
import type { LabelSelector } from '../model/selector.js';
import { matches } from './selector.js';

/** Things with labels, found by label: a selector then costs what it matches, not what there is. */
export interface LabelIndex {
  readonly ids: readonly number[];
  /** By key, then by value. */
  readonly byLabel: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;
  readonly labelsOf: (id: number) => Labels;
}

/** Indexes `ids`, whose labels `labelsOf` gives. */
export function labelIndex(ids: readonly number[], labelsOf: (id: number) => Labels): LabelIndex {
  const byLabel = new Map<string, Map<string, number[]>>();
  for (const id of ids) {
    const labels = labelsOf(id);
    for (const key of Object.keys(labels)) {
      const value = labels[key] ?? '';
      const byValue = byLabel.get(key);
      const posting = byValue?.get(value);
      if (posting !== undefined) posting.push(id);
      else if (byValue !== undefined) byValue.set(value, [id]);
      else byLabel.set(key, new Map([[value, [id]]]));
    }
  }
  return { ids, byLabel, labelsOf };
}

/** The ids whose labels the selector matches, in the order of the index. */
export function matching(index: LabelIndex, selector: LabelSelector): readonly number[] {
  const candidates = shortestPosting(index, selector);
  if (Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0)
    return candidates;
  return candidates.filter((id) => matches(selector, index.labelsOf(id)));
}

function shortestPosting(index: LabelIndex, selector: LabelSelector): readonly number[] {
  let best = index.ids;
  const labels = selector.matchLabels ?? {};
  for (const key of Object.keys(labels)) {
    const posting = index.byLabel.get(key)?.get(labels[key] ?? '') ?? [];
    if (posting.length < best.length) best = posting;
  }
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    if (operator !== 'In') continue;
    const posting = [...new Set(values)].flatMap((value) => index.byLabel.get(key)?.get(value) ?? []);
    if (posting.length < best.length) best = posting.sort((a, b) => a - b);
  }
  return best;
}
