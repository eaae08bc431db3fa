import fc from 'fast-check';
import { HOSTILE_TEXTS, HOSTILE_VALUES } from '../hostile.js';

/** One change at one place of a value: which place, and what is done there. */
export interface Mutation {
  /** Counts through all places, and begins anew behind the last one. */
  readonly place: number;
  readonly change:
    | { readonly kind: 'replace'; readonly by: unknown }
    | { readonly kind: 'remove' }
    | { readonly kind: 'add'; readonly key: string; readonly value: unknown }
    | { readonly kind: 'repeat'; readonly times: number };
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(60),
  change: fc.oneof(
    fc.record({ kind: fc.constant('replace' as const), by: fc.constantFrom<unknown>(...HOSTILE_VALUES) }),
    fc.record({ kind: fc.constant('replace' as const), by: fc.jsonValue({ maxDepth: 2 }) }),
    fc.record({ kind: fc.constant('remove' as const) }),
    fc.record({
      kind: fc.constant('add' as const),
      key: fc.constantFrom(...HOSTILE_TEXTS),
      value: fc.constantFrom<unknown>(...HOSTILE_VALUES),
    }),
    fc.record({ kind: fc.constant('repeat' as const), times: fc.constantFrom(2, 257, 600) }),
  ),
});

/**
 * A copy with that change. Objects and lists are copied; what else there is, is as it was.
 * @example mutated({ a: 1 }, { place: 1, change: { kind: 'remove' } }) // {}
 */
export function mutated(value: unknown, { place, change }: Mutation): unknown {
  const target = place % countOf(value);
  let at = -1;
  const walk = (inner: unknown): unknown => {
    at++;
    if (at === target) return changed(inner, change);
    if (Array.isArray(inner)) return inner.map(walk).filter((one) => one !== REMOVED);
    if (typeof inner !== 'object' || inner === null) return inner;
    const entries = Object.entries(inner).map(([key, one]) => [key, walk(one)] as const);
    return Object.fromEntries(entries.filter(([, one]) => one !== REMOVED));
  };
  const made = walk(value);
  return made === REMOVED ? undefined : made;
}

const REMOVED = Symbol('removed');

function changed(value: unknown, change: Mutation['change']): unknown {
  switch (change.kind) {
    case 'replace':
      return change.by;
    case 'remove':
      return REMOVED;
    case 'add':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries([...Object.entries(value), [change.key, change.value]])
        : { [change.key]: value };
    case 'repeat':
      if (typeof value === 'string') return value.repeat(change.times);
      return Array.from({ length: change.times }, () => value);
  }
}

/** How many places there are: the value itself, and all that is in it. */
function countOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + countOf(inner), 1);
}
