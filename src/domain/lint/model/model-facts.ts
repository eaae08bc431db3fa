import { placeTiers, type PlacedTier } from '../../compile/place-tiers.js';
import type { Flow, Peer } from '../../model/entities.js';
import type { PortRange } from '../../model/ports.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { LintRule } from '../rule.js';

/** What the rules for the model look at: the flows that hold here, with their ends looked up. */
export interface ModelFacts {
  readonly snapshot: Snapshot;
  readonly tiers: ReadonlyMap<string, PlacedTier>;
  readonly flows: readonly LintedFlow[];
}

/** A flow both of whose ends are known here. What cannot be rendered is a finding of compile already. */
export interface LintedFlow {
  readonly flow: Flow;
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  readonly ports: readonly PortRange[];
}

export type FlowEnd =
  { readonly kind: 'tier'; readonly tier: PlacedTier } | { readonly kind: 'peer'; readonly peer: Peer };

export type ModelRule = LintRule<ModelFacts>;

/** Looks up tiers, peers and ports by name, once for all rules. */
export function modelFacts(snapshot: Snapshot): ModelFacts {
  const { tiers } = placeTiers(snapshot);
  const peers = new Map(snapshot.peers.map((peer) => [peer.name, peer]));
  const endOf = (end: Flow['from']): FlowEnd | undefined => {
    const tier = 'tier' in end ? tiers.get(end.tier) : undefined;
    const peer = 'peer' in end ? peers.get(end.peer) : undefined;
    if (tier !== undefined) return { kind: 'tier', tier };
    return peer === undefined ? undefined : { kind: 'peer', peer };
  };
  const flows = snapshot.flows.flatMap((flow): LintedFlow[] => {
    if (flow.environments?.includes(snapshot.environment.name) === false) return [];
    const [from, to] = [endOf(flow.from), endOf(flow.to)];
    return from === undefined || to === undefined ? [] : [{ flow, from, to, ports: portsOf(flow, to) }];
  });
  return { snapshot, tiers, flows };
}

function portsOf({ ports }: Flow, to: FlowEnd): PortRange[] {
  return ports.flatMap((port) => {
    if (typeof port !== 'string') return [port];
    return to.kind === 'tier' ? to.tier.ports.filter(({ name }) => name === port) : [];
  });
}
