import { areApart, NAME_KEY, type PodSet } from './pod-set.js';

/** Gives those of some sets that share a pod with a set. */
export type Near = (set: PodSet) => readonly PodSet[];

const ANY = '*';

/**
 * Sorts sets by what most of them have one value for: their namespace and one label. Sets with different values are apart, so that a
 * question costs what shares the values of the set, or leaves them open.
 */
export function nearIndex(sets: readonly PodSet[]): Near {
  const keys = [NAME_KEY, mostTellingKey(sets)];
  const buckets = new Map<string, PodSet[]>();
  for (const set of sets) {
    const place = keys.map((key) => singleValue(set, key) ?? ANY).join(' ');
    const bucket = buckets.get(place);
    if (bucket === undefined) buckets.set(place, [set]);
    else bucket.push(set);
  }
  return (set) => {
    const [name, label] = keys.map((key) => singleValue(set, key));
    const places = name === undefined || label === undefined ? buckets.keys() : around(name, label);
    return [...places].flatMap((place) => buckets.get(place) ?? []).filter((other) => !areApart(set, other));
  };
}

function around(name: string, label: string): readonly string[] {
  return [`${name} ${label}`, `${name} ${ANY}`, `${ANY} ${label}`, `${ANY} ${ANY}`];
}

/** The label of pods with the most different single values. */
export function mostTellingKey(sets: readonly PodSet[]): string {
  const values = new Map<string, Set<string>>();
  for (const set of sets) {
    for (const key of set.rules.keys()) {
      const value = key === NAME_KEY ? undefined : singleValue(set, key);
      if (value !== undefined) values.set(key, (values.get(key) ?? new Set()).add(value));
    }
  }
  let best: readonly [string, ReadonlySet<string>] = ['', new Set()];
  for (const one of values) if (one[1].size > best[1].size) best = one;
  return best[0];
}

/** The value of a label that has only this one in the whole set. */
export function singleValue(set: PodSet, key: string): string | undefined {
  const rule = set.rules.get(key);
  return rule?.kind === 'only' && !rule.absent && rule.values.length === 1 ? rule.values[0] : undefined;
}
