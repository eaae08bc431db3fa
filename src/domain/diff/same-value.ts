type Fields = Readonly<Record<string, unknown>>;

/**
 * Equal as JSON values: the order of keys does not count, the order of lists does, and a key that holds nothing is as good as none.
 * @example sameValue({ port: 80, endPort: undefined }, { port: 80 }) // true
 */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return Array.isArray(a) ? Array.isArray(b) && sameList(a, b) : !Array.isArray(b) && sameObject(a, b);
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (!sameValue(a[at], b[at])) return false;
  return true;
}

/** What was written by the same hand has its keys in the same order: then none is looked up. */
function sameObject(one: object, other: object): boolean {
  const [a, b] = [one as Fields, other as Fields];
  const keys = Object.keys(a);
  if (!sameList(keys, Object.keys(b))) return sameFields(a, b);
  for (const key of keys) if (!sameValue(a[key], b[key])) return false;
  return true;
}

function sameFields(a: Fields, b: Fields): boolean {
  let held = 0;
  for (const key of Object.keys(a)) {
    if (a[key] === undefined) continue;
    // A label may be called `constructor`: never ask an object for a key it may inherit.
    if (!Object.hasOwn(b, key) || !sameValue(a[key], b[key])) return false;
    held++;
  }
  for (const key of Object.keys(b)) if (b[key] !== undefined) held--;
  return held === 0;
}
