import { SluiceError } from '../errors.js';

/** Counts work or memory, so that manifests made to exhaust the process are refused instead. */
export type Budget = (units: number) => void;

/**
 * A budget of `limit` units. What is spent beyond it refuses the question; `what` says in words what was counted.
 * @example budget(10, 'pairs')(11) // throws: answering would take more than 10 pairs ...
 */
export function budget(limit: number, what: string): Budget {
  let spent = 0;
  return (units) => {
    spent += units;
    if (spent <= limit) return;
    throw new SluiceError(
      'payload-too-large',
      `the answer would take more than ${limit} ${what}: ask about fewer manifests at a time`,
    );
  };
}
