import { compareText } from '../errors.js';
import type { Finding } from '../finding.js';
import { tierRef, type Placement, type Tier } from '../model/entities.js';
import { placeAs, type PlacedAs } from '../model/placed-tier.js';
import type { NamedPort } from '../model/ports.js';
import { canOverlap } from '../model/selector.js';
import type { Snapshot } from '../model/snapshot.js';
import { addresses } from './addresses.js';
import type { Reach, TierOfPods } from './compiled.js';
import { finding } from './findings.js';
import { canonicalSelector, podsPeer } from './selectors.js';

/** A tier in this environment, with the placement's overrides laid over it: pods in a namespace, or addresses outside. */
export type PlacedTier = TierOfPods | TierOutside;

export interface TierOutside {
  readonly kind: 'outside';
  readonly ref: string;
  readonly ports: readonly NamedPort[];
  readonly seen: Reach;
}

/** The placed tiers by `application/tier`. */
export interface PlacedTiers {
  readonly tiers: ReadonlyMap<string, PlacedTier>;
  readonly findings: readonly Finding[];
}

/**
 * Lays the placements of the environment over the tiers. Tiers of applications that have no placement here are left out.
 * Refuses nothing; names the blocks that cannot be read and the selectors that match nothing.
 * @example placeTiers(snapshot).tiers.get('shop/frontend')?.kind // 'pods'
 */
export function placeTiers(snapshot: Snapshot): PlacedTiers {
  const here = snapshot.placements.filter((placement) => placement.environment === snapshot.environment.name);
  const placements = new Map(here.map((placement) => [placement.application, placement]));
  const tiers = new Map<string, PlacedTier>();
  const findings: Finding[] = [];
  for (const tier of snapshot.tiers) {
    const placement = placements.get(tier.application);
    if (placement !== undefined) tiers.set(tierRef(tier), placeTier(tier, placement, findings));
  }
  return { tiers, findings };
}

/** The tiers that run as pods, by namespace: both in order. */
export function podsByNamespace(tiers: Iterable<PlacedTier>): [namespace: string, tiers: TierOfPods[]][] {
  const namespaces = new Map<string, TierOfPods[]>();
  const pods = [...tiers].filter((tier) => tier.kind === 'pods').sort((a, b) => compareText(a.ref, b.ref));
  for (const tier of pods) {
    const others = namespaces.get(tier.namespace);
    if (others === undefined) namespaces.set(tier.namespace, [tier]);
    else others.push(tier);
  }
  return [...namespaces].sort((a, b) => compareText(a[0], b[0]));
}

function placeTier(tier: Tier, placement: Placement, findings: Finding[]): PlacedTier {
  const override = placement.tiers.find((own) => own.tier === tier.name);
  const placed = placeAs(tier, override);
  return placed.outside.length === 0
    ? placePods(tier, placement.namespace, placed, findings)
    : placeOutside(tierRef(tier), placed, findings);
}

function placePods(
  tier: Tier,
  namespace: string,
  { podSelector: own, ports }: PlacedAs,
  findings: Finding[],
): TierOfPods {
  const ref = tierRef(tier);
  const podSelector = canonicalSelector(own);
  if (!canOverlap(podSelector, podSelector)) {
    const message = `pod selector ${JSON.stringify(podSelector)} of tier "${ref}" in namespace "${namespace}" contradicts itself and matches no pod`;
    findings.push(finding('selector-matches-nothing', `tier/${ref}`, message));
  }
  const seen = [podsPeer(namespace, podSelector)] as const;
  return { kind: 'pods', ref, application: tier.application, name: tier.name, namespace, podSelector, ports, seen };
}

function placeOutside(ref: string, { outside, ports }: PlacedAs, findings: Finding[]): TierOutside {
  const { blocks, leftOut } = addresses(outside);
  for (const text of leftOut) {
    const message = `block ${text} of tier "${ref}", placed outside, holds no address that can be read`;
    findings.push(finding('block-left-out', `tier/${ref}`, message));
  }
  return { kind: 'outside', ref, ports, seen: blocks };
}
