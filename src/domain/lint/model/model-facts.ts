import { tierRef, type Flow, type Peer } from '../../model/entities.js';
import { placeAs } from '../../model/placed-tier.js';
import type { NamedPort, PortRange } from '../../model/ports.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { LintRule } from '../rule.js';

/** What the rules for the model look at: the flows that hold here, with their ends looked up. */
export interface ModelFacts {
  readonly snapshot: Snapshot;
  /** The tiers placed here. */
  readonly tiers: ReadonlyMap<string, LintedTier>;
  readonly flows: readonly LintedFlow[];
}

/** A tier with the port numbers of its placement. */
export interface LintedTier {
  readonly ref: string;
  readonly kind: 'pods' | 'outside';
  readonly ports: readonly NamedPort[];
}

/** A flow both of whose ends are known here. What cannot be rendered is a finding of compile already. */
export interface LintedFlow {
  readonly flow: Flow;
  readonly from: FlowEnd;
  readonly to: FlowEnd;
}

export type FlowEnd =
  { readonly kind: 'tier'; readonly tier: LintedTier } | { readonly kind: 'peer'; readonly peer: Peer };

export type ModelRule = LintRule<ModelFacts>;

/** Looks up tiers, peers and ports by name, once for all rules. */
export function modelFacts(snapshot: Snapshot): ModelFacts {
  const tiers = tiersHere(snapshot);
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
    return from === undefined || to === undefined ? [] : [{ flow, from, to }];
  });
  return { snapshot, tiers, flows };
}

function tiersHere({ environment, placements, tiers }: Snapshot): Map<string, LintedTier> {
  const here = placements.filter((placement) => placement.environment === environment.name);
  const byApplication = new Map(here.map((placement) => [placement.application, placement]));
  const placed = tiers.flatMap((tier): LintedTier[] => {
    const placement = byApplication.get(tier.application);
    if (placement === undefined) return [];
    const { ports, outside } = placeAs(
      tier,
      placement.tiers.find((own) => own.tier === tier.name),
    );
    return [{ ref: tierRef(tier), kind: outside.length === 0 ? 'pods' : 'outside', ports }];
  });
  return new Map(placed.map((tier) => [tier.ref, tier]));
}

/** The ports of a flow, with the numbers that names stand for here. */
export function portsOf({ flow, to }: LintedFlow): PortRange[] {
  return flow.ports.flatMap((port) => {
    if (typeof port !== 'string') return [port];
    return to.kind === 'tier' ? to.tier.ports.filter(({ name }) => name === port) : [];
  });
}
