import type { Application, Environment, Flow, Peer, Placement, Team, Tier } from './entities.js';

/**
 * All that one environment says at one revision: the input of compile, and what a bundle stores of the model.
 * `placements` are those of this environment; `flows` are those that hold in it. Lists are in no particular order.
 */
export interface Snapshot {
  readonly revision: number;
  readonly environment: Environment;
  readonly teams: readonly Team[];
  readonly applications: readonly Application[];
  readonly tiers: readonly Tier[];
  readonly peers: readonly Peer[];
  readonly placements: readonly Placement[];
  readonly flows: readonly Flow[];
}
