import { placePeers } from '../compile/place-peers.js';
import { type PlacedTier, placeTiers } from '../compile/place-tiers.js';
import { type ResolvedFlow, resolveFlows } from '../compile/resolve-flows.js';
import { compareText } from '../errors.js';
import type { CidrBlock } from '../model/cidr.js';
import { type Flow, type Peer, type Placement, type Tier, tierRef } from '../model/entities.js';
import type { NamedPort, PortRange } from '../model/ports.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Sides } from './overview-model.js';

/** A tier of the model with its place in the environment. `outside`: no pods here, but these blocks. */
export interface TierHere {
  readonly ref: string;
  readonly tier: Tier;
  readonly namespace: string;
  readonly ports: readonly NamedPort[];
  readonly outside?: readonly CidrBlock[];
}

/** A flow that is rendered here, its ports as numbers, and at which ends policies hold it. */
export interface FlowHere {
  readonly flow: Flow;
  readonly sides: Sides;
  readonly ports: readonly PortRange[];
}

/** What compile makes of the environment, with the words people wrote: the picture shows what is rendered and nothing else. */
export interface Here {
  readonly tiers: readonly TierHere[];
  readonly flows: readonly FlowHere[];
  readonly peers: ReadonlyMap<string, Peer>;
}

/**
 * Places tiers and resolves flows as compile does. Tiers are sorted by `application/tier`; flows that are not rendered are left
 * out, as preview says with a finding.
 * @example placed(snapshot).tiers.map((tier) => tier.ref) // ['shop/backend', 'shop/database', 'shop/frontend']
 */
export function placed(snapshot: Snapshot): Here {
  const places = placeTiers(snapshot);
  const resolved = resolveFlows(snapshot, places, placePeers(snapshot));
  const namespaces = new Map(
    snapshot.placements.filter(isHere(snapshot)).map((one) => [one.application, one.namespace]),
  );
  const flows = new Map(snapshot.flows.map((flow) => [flow.name, flow]));
  const tiers = snapshot.tiers.flatMap((tier) => {
    const place = places.tiers.get(tierRef(tier));
    return place === undefined ? [] : [tierHere(tier, place, namespaces.get(tier.application) ?? '')];
  });
  return {
    tiers: tiers.sort((a, b) => compareText(a.ref, b.ref)),
    flows: resolved.flows.flatMap((one) => flowHere(one, flows.get(one.name)) ?? []),
    peers: new Map(snapshot.peers.map((peer) => [peer.name, peer])),
  };
}

function isHere({ environment }: Snapshot): (placement: Placement) => boolean {
  return (placement) => placement.environment === environment.name;
}

function tierHere(tier: Tier, place: PlacedTier, namespace: string): TierHere {
  const here = { ref: place.ref, tier, namespace, ports: place.ports };
  if (place.kind === 'pods') return here;
  const seen = place.seen === 'anywhere' ? [] : place.seen;
  return { ...here, outside: seen.flatMap((peer) => (peer.kind === 'block' ? [peer] : [])) };
}

function flowHere({ from, to, ports }: ResolvedFlow, flow: Flow | undefined): FlowHere | undefined {
  if (flow === undefined) return undefined;
  const sides = from.tier === undefined ? 'ingress' : to.tier === undefined ? 'egress' : 'both';
  return { flow, sides, ports: ports.ranges };
}
