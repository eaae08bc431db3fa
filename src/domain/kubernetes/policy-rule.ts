import type { FieldPath, Fields } from './fields.js';

/** One API rule that a field of a NetworkPolicy breaks. */
export interface FieldViolation {
  readonly path: FieldPath;
  readonly code: string;
  readonly detail: string;
  readonly value?: unknown;
}

/** A NetworkPolicy as it was sent: nothing is known of its fields but that the three are mappings. */
export interface RawPolicy {
  readonly object: Fields;
  readonly metadata: Fields;
  readonly spec: Fields;
}

/** A rule of the API server. It looks only at its own fields, and leaves those of a wrong type to the rule of shape. */
export type PolicyRule = (policy: RawPolicy) => readonly FieldViolation[];
