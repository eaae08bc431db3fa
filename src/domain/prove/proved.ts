import type { Probes } from './probes/probe.js';
import type { Proof } from './proof.js';
import type { Asked } from './sides/ask.js';
import type { Space } from './spaces/space.js';
import { newTables, type Tables } from './tables.js';

/** A proof, and where it found everything equal what a later one need not look at again. */
export interface Proved {
  readonly proof: Proof;
  readonly held?: Held;
}

/** Namespaces whose sides were all equal, and the clusters of probes in which they were. */
export interface Held {
  readonly tables: Tables;
  /** Of the tables, when they were new. */
  readonly size: number;
  readonly spaces: readonly Space[];
  readonly clusters: readonly Probes[];
  /** Of each cluster, into which ranges its addresses were cut. */
  readonly ranges: Asked['ranges'];
}

/** With which a proof begins: what an earlier one held, or nothing. */
export type Beginning = Pick<Held, 'tables'> & Partial<Held>;

/** Tables only grow: at so many times their first size, they are made anew. */
const GROWTH_MAX = 2;
const SIZE_LEAST = 1_000;

export function beginningFrom(earlier: Proved | undefined): Beginning {
  const held = earlier?.held;
  if (held === undefined || held.tables.size() > GROWTH_MAX * held.size + SIZE_LEAST) return { tables: newTables() };
  return held;
}
