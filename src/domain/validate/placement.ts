import type { Problem } from '../errors.js';
import type { Tier, TierPlacement } from '../model/entities.js';
import { missing } from './references.js';

/**
 * What a placement names exists: its tiers are tiers of the application, its port overrides are ports of the tier. An override that is
 * undefined cannot be read, and is not for this to refuse.
 * @example placementProblems('shop', [{ tier: 'cache' }], [web]) // [{ code: 'unknown-tier', ... }]
 */
export function placementProblems(
  application: string,
  overrides: readonly (TierPlacement | undefined)[],
  tiers: readonly Tier[],
): Problem[] {
  const known = new Map(tiers.map((tier) => [tier.name, tier]));
  const where = `placement of application "${application}"`;
  return overrides.flatMap((override, index) => {
    if (override === undefined) return [];
    const tier = known.get(override.tier);
    const at = `#/tiers/${index}`;
    return tier === undefined
      ? [missing(`${at}/tier`, 'tier', override.tier, where, [...known.keys()])]
      : unknownPorts(override, tier, at);
  });
}

function unknownPorts(override: TierPlacement, tier: Tier, at: string): Problem[] {
  const have = tier.ports.map((port) => port.name);
  const where = `placement of tier "${tier.application}/${tier.name}"`;
  return (override.ports ?? []).flatMap((port, index) =>
    have.includes(port.name) ? [] : [missing(`${at}/ports/${index}/name`, 'port', port.name, where, have)],
  );
}
