import type { NamespaceFacts } from '../../kubernetes/workload.js';
import type { Labels } from '../../model/labels.js';

/** A pod made up to ask about. Its number is its place in the list. */
export interface Probe {
  readonly namespace: string;
  readonly labels: Labels;
}

/** A made-up cluster. */
export interface Probes {
  readonly namespaces: readonly NamespaceFacts[];
  readonly pods: readonly Probe[];
}
