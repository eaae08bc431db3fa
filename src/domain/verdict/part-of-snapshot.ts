import type { Endpoint, Flow } from '../model/entities.js';
import type { Snapshot } from '../model/snapshot.js';
import type { VerdictIndex } from './verdict-index.js';

/**
 * The same snapshot with these flows and ends alone, and what they refer to: reading it costs what a question is about.
 * @example partOfSnapshot(index, [], [{ tier: 'shop/web' }]).tiers.length // 1
 */
export function partOfSnapshot(
  { snapshot, tiers, peers, placements }: VerdictIndex,
  flows: readonly Flow[],
  ends: readonly Endpoint[],
): Snapshot {
  const all = [...ends, ...flows.flatMap(({ from, to }) => [from, to])];
  const refs = new Set(all.flatMap((end) => ('tier' in end ? [end.tier] : [])));
  const names = new Set(all.flatMap((end) => ('peer' in end ? [end.peer] : [])));
  const own = [...refs].flatMap((ref) => tiers.get(ref) ?? []);
  const applications = new Set(own.map(({ application }) => application));
  return {
    ...snapshot,
    tiers: own,
    peers: [...names].flatMap((name) => peers.get(name) ?? []),
    placements: [...applications].flatMap((application) => placements.get(application) ?? []),
    flows,
  };
}
