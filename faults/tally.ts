import type { Tally } from './inflict/fault.js';

/** Counts, and what was measured, of one run. */
export class RunTally implements Tally {
  readonly counts = new Map<string, number>();
  readonly measures = new Map<string, number[]>();

  count(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  measure(what: string, ms: number): void {
    this.measures.set(what, [...(this.measures.get(what) ?? []), ms]);
  }
}
