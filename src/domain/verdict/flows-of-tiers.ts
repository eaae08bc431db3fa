import type { Direction } from '../evaluate/grants.js';
import type { Endpoint, Flow } from '../model/entities.js';

/** The flows of a tier in one direction, by what is at their other end. */
export interface FlowsOfTier {
  readonly byTier: ReadonlyMap<string, readonly Flow[]>;
  readonly withPeers: readonly Flow[];
}

/** Finds the flows of a tier by its reference. */
export type FindFlows = (tier: string, direction: Direction) => FlowsOfTier;

interface Gathered {
  readonly byTier: Map<string, Flow[]>;
  readonly withPeers: Flow[];
}

const NONE: FlowsOfTier = { byTier: new Map(), withPeers: [] };

/**
 * Sorts flows by the tiers at their ends.
 * @example flowsOfTiers(snapshot.flows)('shop/backend', 'ingress').byTier.get('shop/frontend')
 */
export function flowsOfTiers(flows: readonly Flow[]): FindFlows {
  const gathered = { ingress: new Map<string, Gathered>(), egress: new Map<string, Gathered>() };
  for (const flow of flows) {
    add(gathered.egress, flow.from, flow.to, flow);
    add(gathered.ingress, flow.to, flow.from, flow);
  }
  return (tier, direction) => gathered[direction].get(tier) ?? NONE;
}

function add(all: Map<string, Gathered>, own: Endpoint, other: Endpoint, flow: Flow): void {
  if (!('tier' in own)) return;
  const known = all.get(own.tier);
  const gathered = known ?? { byTier: new Map<string, Flow[]>(), withPeers: [] };
  if (known === undefined) all.set(own.tier, gathered);
  if ('peer' in other) gathered.withPeers.push(flow);
  else {
    const same = gathered.byTier.get(other.tier);
    if (same === undefined) gathered.byTier.set(other.tier, [flow]);
    else same.push(flow);
  }
}
