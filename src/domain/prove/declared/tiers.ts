import { compareText } from '../../errors.js';
import { tierRef } from '../../model/entities.js';
import { placeAs } from '../../model/placed-tier.js';
import type { NamedPort } from '../../model/ports.js';
import type { Snapshot } from '../../model/snapshot.js';
import { podSet, type PodSet } from '../pods/pod-set.js';
import type { ReadPods } from '../pods/read-pods.js';
import { addressesOf } from './addresses.js';
import { addressesEnd, podsEnd, type End } from './ends.js';

/** A tier where the environment has it: as pods of a namespace, or outside as addresses (none, where no block can be read). */
export interface PlacedTier {
  readonly ref: string;
  readonly ports: readonly NamedPort[];
  readonly end: End | undefined;
  readonly pods: { readonly namespace: string; readonly set: PodSet } | undefined;
}

/**
 * The tiers of the applications that are placed in the snapshot's environment, by reference and in its order.
 * @example placedTiers(snapshot).get('shop/web')?.pods?.namespace // 'shop'
 */
export function placedTiers(
  { tiers, placements, environment }: Snapshot,
  read: ReadPods = podSet,
): ReadonlyMap<string, PlacedTier> {
  const here = new Map(
    placements.filter((one) => one.environment === environment.name).map((one) => [one.application, one]),
  );
  const placed = new Map<string, PlacedTier>();
  for (const tier of [...tiers].sort((a, b) => compareText(tierRef(a), tierRef(b)))) {
    const placement = here.get(tier.application);
    if (placement === undefined) continue;
    const override = placement.tiers.find((one) => one.tier === tier.name);
    const { podSelector, ports, outside } = placeAs(tier, override);
    const ref = tierRef(tier);
    if (outside.length > 0) {
      placed.set(ref, { ref, ports, end: addressesEnd(addressesOf(outside)), pods: undefined });
    } else {
      const set = read(placement.namespace, podSelector);
      placed.set(ref, { ref, ports, end: podsEnd(set), pods: { namespace: placement.namespace, set } });
    }
  }
  return placed;
}
