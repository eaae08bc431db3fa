import type { Problem } from '../errors.js';
import type { Flow, Tier } from '../model/entities.js';
import type { ReadableLists } from './readable-lists.js';

/** The parts of a flow that can be read, and what the model holds of what they refer to: the input of every flow rule. */
export interface FlowFacts {
  readonly name: string;
  readonly flow: Partial<Flow>;
  /** Its ports and environments, also where some of them cannot be read. */
  readonly lists: Pick<ReadableLists<Flow>, 'ports' | 'environments'>;
  /** The tiers that exist, of those that the flow names and their neighbours, by `application/tier`. */
  readonly tiers: ReadonlyMap<string, Tier>;
  readonly peers: ReadonlySet<string>;
  readonly environments: ReadonlySet<string>;
  /** Other flows with the same two ends. */
  readonly sameEnds: readonly Flow[];
}

/** One thing that must hold for a flow. */
export type FlowRule = (facts: FlowFacts) => readonly Problem[];
