import type { LabelSelector } from '../model/selector.js';
import { onlyNameOf } from './namespace-scope.js';
import type { PotentialPods } from './potential-pods.js';

/** Something about potential pods, found by what could be wider than others. */
interface About {
  readonly pods: PotentialPods;
}

/** So many are compared sooner than an index of them is made. */
const FEW = 12;

/**
 * Gives all items that may mean every pod that given ones mean, and few besides. A wider selector that asks for a value of a
 * label asks for one that the narrower asks for too, so items are kept under one namespace (or all others) and the values of
 * one label; who asks for no value stands under none.
 */
export function widerIndex<T extends About>(items: readonly T[]): (inner: PotentialPods) => readonly T[] {
  if (items.length <= FEW) return () => items;
  const index = new Map<string, T[]>();
  for (const item of items) {
    const { namespaces, pods } = item.pods;
    const scope = namespaces.kind === 'one' ? namespaces.name : '*';
    const [first = ['']] = valuesOf(pods);
    for (const value of first) push(index, `${scope}|${value}`, item);
  }
  return ({ namespaces, pods }) => {
    const name = onlyNameOf(namespaces);
    const scopes = name === undefined ? ['*'] : [name, '*'];
    const values = ['', ...new Set(valuesOf(pods).flat())];
    return scopes.flatMap((scope) => values.flatMap((value) => index.get(`${scope}|${value}`) ?? []));
  };
}

/** `key=value` of each requirement that asks for values, by key. */
function valuesOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string[][] {
  const labels = Object.entries(matchLabels).map(([key, value]) => [`${key}=${value}`]);
  const lists = matchExpressions.flatMap(({ key, operator, values = [] }) =>
    operator === 'In' ? [[...new Set(values)].map((value) => `${key}=${value}`)] : [],
  );
  return [...labels, ...lists];
}

function push<T>(index: Map<string, T[]>, key: string, item: T): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [item]);
  else list.push(item);
}
