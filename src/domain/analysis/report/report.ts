import type { Finding } from '../../finding.js';
import type { Graph } from './graph.js';

/** An answer as people read it. What it holds is made when it is asked for: of a large answer one form is enough. */
export interface Report {
  readonly title: string;
  /** The columns of a table, and its rows. */
  readonly headers: readonly string[];
  readonly rows: () => readonly (readonly string[])[];
  /** The same as sentences. */
  readonly lines: () => readonly string[];
  /** Where the answer is one. */
  readonly graph?: () => Graph;
  readonly findings: readonly Finding[];
}
