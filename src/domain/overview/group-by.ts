/**
 * Lists by key, in the order of the items.
 * @example groupBy(['ab', 'cd', 'ae'], (text) => text[0]).get('a') // ['ab', 'ae']
 */
export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
