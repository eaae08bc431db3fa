import type { PortRange } from '../model/ports.js';

/** A tier placed in the environment. `ports` are those it names or is reached on; `outside` are its addresses where it has no pods here. */
export interface TierBox {
  readonly kind: 'tier';
  readonly id: string;
  /** `application/tier`, or the tier alone where the environment holds one application. */
  readonly name: string;
  readonly application: string;
  readonly title?: string;
  readonly ports: readonly PortRange[];
  readonly outside?: readonly string[];
  /** How many arrows lie at most between the top and this box, arrows that close a circle left out. */
  readonly layer: number;
}

/** A peer that some flow of the environment touches. `detail` says what it stands for where the name does not. */
export interface PeerBox {
  readonly kind: 'peer';
  readonly id: string;
  readonly name: string;
  readonly title?: string;
  readonly detail?: string;
  readonly part: 'caller' | 'target' | 'both';
}

export type Box = TierBox | PeerBox;

/** At which ends policies hold an arrow: at both tiers, or at one where the other end is a peer or outside the cluster. */
export type Sides = 'both' | 'egress' | 'ingress';

/** All that one box may do to another: the flows between them in one line. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly sides: Sides;
  readonly ports: readonly PortRange[];
}

/** One flow that holds in the environment, its ports as numbers of the destination. */
export interface FlowLine extends Arrow {
  readonly flow: string;
  readonly reason?: string;
}

/** The tiers of one application stand together. */
export interface ApplicationGroup {
  readonly name: string;
  readonly title?: string;
  readonly namespace: string;
}

/**
 * What every format draws. Everything is in one fixed order: applications and tiers in flow order, peers by name,
 * arrows and flows by the order of the boxes they join.
 */
export interface OverviewModel {
  readonly environment: string;
  readonly applications: readonly ApplicationGroup[];
  readonly peers: readonly PeerBox[];
  readonly tiers: readonly TierBox[];
  readonly arrows: readonly Arrow[];
  readonly flows: readonly FlowLine[];
  /** What is allowed beside the flows: DNS, monitoring. */
  readonly notes: readonly string[];
}
