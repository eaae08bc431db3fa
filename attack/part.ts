import type { Target } from './target.js';

/** What the command line asks for. */
export interface Extent {
  /** How many requests the fuzzers send, both together. */
  readonly requests: number;
  readonly seed: number;
  /** Of one operation of REST alone, by its id. */
  readonly operation?: string;
}

/** A figure that was measured, and what it may be at most. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly most: number | undefined;
}

/** What came of a part of the attack. Each failure is a text for people: what was sent, what was expected, what came. */
export interface Outcome {
  /** Requests sent, or what else was tried. */
  readonly tried: number;
  readonly failures: readonly string[];
  readonly figures?: readonly Figure[];
}

/** One way to attack, one file in parts/. */
export interface Part {
  readonly name: string;
  readonly about: string;
  run(target: Target, extent: Extent): Promise<Outcome>;
}
