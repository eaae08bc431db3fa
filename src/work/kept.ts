/** What a thread keeps, by name, up to so many bytes; what was used least recently goes first. The last one that was used always stays. */
export interface Kept<T> {
  readonly get: (name: string) => T | undefined;
  /** Keeps a value that is as large as so many bytes, in place of another one of its name. */
  readonly put: (name: string, value: T, bytes: number) => void;
  readonly size: () => { readonly entries: number; readonly bytes: number };
}

/** @example const kept = keptUpTo<string>(10); kept.put('a', 'one', 6); kept.put('b', 'two', 6); kept.get('a') // undefined */
export function keptUpTo<T>(most: number): Kept<T> {
  const all = new Map<string, { readonly value: T; readonly bytes: number }>();
  let held = 0;
  const drop = (name: string): void => {
    held -= all.get(name)?.bytes ?? 0;
    all.delete(name);
  };
  const put = (name: string, value: T, bytes: number): void => {
    drop(name);
    all.set(name, { value, bytes });
    held += bytes;
    for (const oldest of all.keys()) {
      if (held <= most || oldest === name) return;
      drop(oldest);
    }
  };
  const get = (name: string): T | undefined => {
    const found = all.get(name);
    if (found !== undefined) put(name, found.value, found.bytes);
    return found?.value;
  };
  return { get, put, size: () => ({ entries: all.size, bytes: held }) };
}
