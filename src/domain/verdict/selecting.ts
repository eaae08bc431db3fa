import { matches } from '../evaluate/selector.js';
import type { Labels } from '../model/labels.js';
import type { LabelSelector } from '../model/selector.js';

/** Something with a pod selector, in the namespace in which it selects. */
export interface Selecting<T> {
  readonly namespace: string;
  readonly selector: LabelSelector;
  readonly item: T;
}

/** Those that select pods of these labels in a namespace, in their order. */
export type FindSelecting<T> = (namespace: string, labels: Labels) => readonly T[];

interface Placed<T> extends Selecting<T> {
  readonly place: number;
}

/**
 * Sorts things by namespace and by the first label that their selectors want, so that a question costs what may select the pod, not
 * what there is.
 * @example selecting([{ namespace: 'shop', selector: { matchLabels: { app: 'web' } }, item: 1 }])('shop', { app: 'web' }) // [1]
 */
export function selecting<T>(all: readonly Selecting<T>[]): FindSelecting<T> {
  const buckets = new Map<string, Placed<T>[]>();
  for (const [place, one] of all.entries()) {
    const [first] = Object.entries(one.selector.matchLabels ?? {});
    const key = first === undefined ? one.namespace : bucketKey(one.namespace, first);
    const bucket = buckets.get(key);
    if (bucket === undefined) buckets.set(key, [{ ...one, place }]);
    else bucket.push({ ...one, place });
  }
  return (namespace, labels) => {
    const keys = [namespace, ...Object.entries(labels).map((label) => bucketKey(namespace, label))];
    const found = keys.flatMap((key) => buckets.get(key) ?? []).filter(({ selector }) => matches(selector, labels));
    return found.sort((a, b) => a.place - b.place).map(({ item }) => item);
  };
}

/** A namespace has no space in its name. */
function bucketKey(namespace: string, [label, value]: readonly [string, string]): string {
  return `${namespace} ${label}=${value}`;
}
