import { compareText } from '../../errors.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { PortNumbers } from '../port-numbers.js';
import { podSet } from '../pods/pod-set.js';
import type { ReadPods } from '../pods/read-pods.js';
import type { DeclaredTier } from './declared-tier.js';
import { addFlows } from './flow-rules.js';
import type { Gathering } from './gathering.js';
import { addDns, addMonitoring } from './profile-rules.js';
import { placedTiers, type PlacedTier } from './tiers.js';

/** All that a snapshot declares of its environment's pods. `tiers` are sorted by reference, `namespaces` by name. */
export interface Declared {
  readonly tiers: readonly DeclaredTier[];
  /** Those in which tiers run: the managed ones. */
  readonly namespaces: readonly string[];
  readonly defaultDeny: boolean;
  readonly hasDns: boolean;
  /** How many flows some tier's side is to allow. */
  readonly flows: number;
}

/**
 * Reads what a snapshot declares by the words of the model alone, and gives each tier all that its side is to allow. Shares
 * nothing with the compiler, whose mistakes it would share.
 * @example declaredOf(snapshot, portNumbers()).tiers[0]?.rules.ingress.length
 */
export function declaredOf(snapshot: Snapshot, numbers: PortNumbers, read: ReadPods = podSet): Declared {
  const { profile } = snapshot.environment;
  const placed = placedTiers(snapshot, read);
  const tiers = new Map([...placed.values()].filter(runsAsPods).map((tier) => [tier.ref, gather(tier)]));
  const flows = addFlows(snapshot, placed, tiers, numbers);
  addDns(tiers.values(), profile.dns, numbers);
  addMonitoring(tiers.values(), profile.monitoring, numbers);
  const declared = [...tiers.values()].flatMap(declaredTier);
  return {
    tiers: declared,
    namespaces: [...new Set(declared.map(({ namespace }) => namespace))].sort(compareText),
    defaultDeny: profile.defaultDeny,
    hasDns: profile.dns !== null,
    flows,
  };
}

function runsAsPods(tier: PlacedTier): boolean {
  return tier.pods !== undefined;
}

function gather(placed: PlacedTier): Gathering {
  return { placed, rules: { ingress: [], egress: [] } };
}

function declaredTier({ placed: { ref, pods }, rules }: Gathering): DeclaredTier[] {
  return pods === undefined ? [] : [{ ref, ...pods, rules }];
}
