import type { Change, Isolated } from './change.js';

/** Connections, and isolated tiers, that are listed with a version or a preview. */
export const CHANGES_LISTED = 500;

/** A change of which the first ones are listed; its summary counts them all. */
export interface ListedChange extends Change {
  /** False where something was left out of a list. */
  readonly complete: boolean;
}

/**
 * The first of each list, for those who keep or show a change beside other things: the diff of two versions has all of it.
 * @example listed(changeOf(undefined, snapshot)).complete
 */
export function listed(change: Change, most = CHANGES_LISTED): ListedChange {
  const { connections, newlyIsolated, noLongerIsolated } = change;
  const lists = [
    connections,
    ...[newlyIsolated, noLongerIsolated].flatMap(({ tiers, namespaces }) => [tiers, namespaces]),
  ];
  return {
    ...change,
    connections: connections.slice(0, most),
    newlyIsolated: firstOf(newlyIsolated, most),
    noLongerIsolated: firstOf(noLongerIsolated, most),
    complete: lists.every(({ length }) => length <= most),
  };
}

function firstOf({ tiers, namespaces }: Isolated, most: number): Isolated {
  return { tiers: tiers.slice(0, most), namespaces: namespaces.slice(0, most) };
}
