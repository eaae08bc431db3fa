import { podReader, type ReadPods } from './pods/read-pods.js';
import { splitter, type Split } from './pods/split.js';
import { portNumbers, type PortNumbers } from './port-numbers.js';

/**
 * What proofs look up: port sets by number, and sets of pods and their parts, each of them one object. They say nothing of any snapshot, so one proof
 * after another may use them, and what the next one reads can be compared by number and by identity.
 */
export interface Tables {
  readonly numbers: PortNumbers;
  readonly read: ReadPods;
  readonly split: Split;
  /** How many entries there are. */
  readonly size: () => number;
}

export function newTables(): Tables {
  const numbers = portNumbers();
  const known: Parameters<typeof podReader>[0] = new Map();
  return {
    ...{ numbers, read: podReader(known), split: splitter() },
    size: () => numbers.count() + known.size,
  };
}
