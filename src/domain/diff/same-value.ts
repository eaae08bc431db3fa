/**
 * Equal as JSON values: the order of keys does not count, the order of lists does, and a key that holds nothing is as good as none.
 * @example sameValue({ port: 80, endPort: undefined }, { port: 80 }) // true
 */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, at) => sameValue(item, b[at]))
    );
  }
  const other: Readonly<Record<string, unknown>> = { ...b };
  let held = 0;
  for (const [key, value] of Object.entries(a)) {
    if (value === undefined) continue;
    // A label may be called `constructor`: never ask an object for a key it may inherit.
    if (!Object.hasOwn(other, key) || !sameValue(value, other[key])) return false;
    held++;
  }
  return Object.values(other).filter((value) => value !== undefined).length === held;
}
