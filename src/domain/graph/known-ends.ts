import { compareText, refuse } from '../errors.js';
import { tierRef } from '../model/entities.js';
import type { Snapshot } from '../model/snapshot.js';
import { missing } from '../validate/references.js';

/** What a question about connections may name. */
export interface KnownEnds {
  readonly tiers: ReadonlySet<string>;
  readonly peers: ReadonlySet<string>;
}

/** The tiers and peers of a snapshot, whether they are placed or not. */
export function knownEnds({ tiers, peers }: Snapshot): KnownEnds {
  return { tiers: new Set(tiers.map(tierRef)), peers: new Set(peers.map(({ name }) => name)) };
}

/**
 * Refuses (invalid), with both, ends that the edition does not know: an empty answer would say that nothing is allowed. A name with a
 * slash is a tier, one without a peer.
 * @example holdKnown(knownEnds(snapshot), { from: 'shop/fronted' }) // throws: tier "shop/fronted" in the question does not exist
 */
export function holdKnown(
  { tiers, peers }: KnownEnds,
  ends: { readonly from?: string | undefined; readonly to?: string | undefined },
): void {
  const problems = (['from', 'to'] as const).flatMap((field) => {
    const name = ends[field];
    if (name === undefined || tiers.has(name) || peers.has(name)) return [];
    const [kind, known] = name.includes('/') ? (['tier', tiers] as const) : (['peer', peers] as const);
    return [missing(`#/${field}`, kind, name, 'the question', [...known].sort(compareText))];
  });
  refuse(problems, 'the question');
}
