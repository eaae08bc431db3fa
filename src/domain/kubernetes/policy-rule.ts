import type { FieldPath, Fields } from './fields.js';

/** One API rule that a field of a NetworkPolicy breaks. */
export interface FieldViolation {
  readonly path: FieldPath;
  readonly code: string;
  readonly detail: string;
  readonly value?: unknown;
}

/** A mapping inside a policy, and where it stands. */
export interface Placed {
  readonly path: FieldPath;
  readonly value: Fields;
}

/**
 * A NetworkPolicy as it was sent, taken apart once for all rules: nothing is known of its fields but that what is listed here
 * are mappings.
 */
export interface RawPolicy {
  readonly object: Fields;
  readonly metadata: Fields;
  readonly spec: Fields;
  /** Every item of every rule's `ports`. */
  readonly ports: readonly Placed[];
  /** Every item of every `from` and `to`. */
  readonly peers: readonly Placed[];
  /** Every ipBlock. */
  readonly blocks: readonly Placed[];
  /** Every label selector: spec.podSelector and those of the peers. */
  readonly selectors: readonly Placed[];
  /** Every item of every selector's matchExpressions. */
  readonly expressions: readonly Placed[];
}

/** A rule of the API server. It looks only at its own fields, and leaves those of a wrong type to the rule of shape. */
export type PolicyRule = (policy: RawPolicy) => readonly FieldViolation[];
