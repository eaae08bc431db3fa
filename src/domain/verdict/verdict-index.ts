import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import { tierRef, type Flow, type Peer, type Placement, type Tier } from '../model/entities.js';
import { placeAs } from '../model/placed-tier.js';
import type { Snapshot } from '../model/snapshot.js';
import { flowsOfTiers, type FindFlows } from './flows-of-tiers.js';
import { selecting, type FindSelecting, type Selecting } from './selecting.js';

/** One edition of an environment made ready for questions: its rendered objects, and of its model what names the reasons. */
export interface VerdictIndex {
  readonly snapshot: Snapshot;
  readonly tiers: ReadonlyMap<string, Tier>;
  readonly peers: ReadonlyMap<string, Peer>;
  /** Those of this environment, by application. */
  readonly placements: ReadonlyMap<string, Placement>;
  readonly namespaces: ReadonlySet<string>;
  readonly flowsOf: FindFlows;
  /** The objects that select pods. */
  readonly objectsOf: FindSelecting<NetworkPolicy>;
  /** The references of the tiers of pods that select pods. */
  readonly tiersOf: FindSelecting<string>;
  /** The references of the tiers that are placed outside. */
  readonly outside: readonly string[];
}

/**
 * Takes all that an edition says and the objects that were rendered from it. The work is that of reading both once; what a question
 * costs after that does not grow with the estate.
 * @example verdictIndex(snapshot, renderBundle(snapshot).policies)
 */
export function verdictIndex(snapshot: Snapshot, policies: readonly NetworkPolicy[]): VerdictIndex {
  const { name } = snapshot.environment;
  const here = snapshot.placements.filter(({ environment }) => environment === name);
  const placements = new Map(here.map((placement) => [placement.application, placement]));
  const { pods, outside } = placedTiers(snapshot.tiers, placements);
  return {
    snapshot,
    tiers: new Map(snapshot.tiers.map((tier) => [tierRef(tier), tier])),
    peers: new Map(snapshot.peers.map((peer) => [peer.name, peer])),
    placements,
    namespaces: new Set(pods.map(({ namespace }) => namespace)),
    flowsOf: flowsOfTiers(snapshot.flows.filter((flow) => holdsIn(flow, name))),
    objectsOf: selecting(
      policies.map((item) => ({
        namespace: item.metadata.namespace,
        selector: item.spec.podSelector,
        item,
      })),
    ),
    tiersOf: selecting(pods),
    outside,
  };
}

function holdsIn({ environments }: Flow, name: string): boolean {
  return environments?.includes(name) ?? true;
}

interface PlacedTiers {
  readonly pods: readonly Selecting<string>[];
  readonly outside: readonly string[];
}

function placedTiers(tiers: readonly Tier[], placements: ReadonlyMap<string, Placement>): PlacedTiers {
  const pods: Selecting<string>[] = [];
  const outside: string[] = [];
  for (const tier of tiers) {
    const placement = placements.get(tier.application);
    if (placement === undefined) continue;
    const placed = placeAs(
      tier,
      placement.tiers.find((one) => one.tier === tier.name),
    );
    const item = tierRef(tier);
    if (placed.outside.length > 0) outside.push(item);
    else pods.push({ namespace: placement.namespace, selector: placed.podSelector, item });
  }
  return { pods, outside };
}
