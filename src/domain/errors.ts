/**
 * The one error of the project. `code` is closed: the doors hold one exhaustive table from code to status.
 * `message` and `problems` are public; `cause` never leaves the process.
 */
export type ErrorCode =
  | 'malformed' // the request cannot be read: broken JSON, an unknown query parameter
  | 'invalid' // readable, but it breaks a rule: `problems` names every one
  | 'unauthenticated' // no token, or one that is unknown, expired or revoked
  | 'forbidden' // the token lacks a scope
  | 'not-found'
  | 'method-not-allowed'
  | 'not-acceptable'
  | 'already-exists' // a create met an object of the same name
  | 'in-use' // a delete met objects that refer to the thing
  | 'not-proved' // the rendered bytes do not allow exactly what is declared: `problems` names where
  | 'version-conflict' // publish with an expectedVersion that is not the last one
  | 'idempotency-in-flight' // the first request with this Idempotency-Key has not ended
  | 'idempotency-mismatch' // this Idempotency-Key was used for another request
  | 'precondition-failed' // If-Match or If-None-Match did not hold
  | 'precondition-required' // a write of an existing object without If-Match
  | 'payload-too-large'
  | 'unsupported-media-type'
  | 'headers-too-large'
  | 'too-many-requests'
  | 'unavailable' // the database is away; try again
  | 'internal';

/** One thing that is wrong with an input: where (RFC 6901 pointer, `#/...`), which rule, what would be right, and the value met. */
export interface Problem {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  readonly value?: unknown;
}

export class SluiceError extends Error {
  override readonly name = 'SluiceError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly problems: readonly Problem[] = [],
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Refuses once, with every problem, sorted by pointer and code; does nothing when there is none. */
export function refuse(problems: readonly Problem[], what: string): void {
  if (problems.length === 0) return;
  const sorted = [...problems].sort((a, b) => compareText(a.pointer, b.pointer) || compareText(a.code, b.code));
  const count = sorted.length === 1 ? '1 problem' : `${sorted.length} problems`;
  throw new SluiceError(
    'invalid',
    `${what} has ${count}: ${sorted[0]?.detail ?? ''}${sorted.length > 1 ? ' ...' : ''}`,
    sorted,
  );
}

/** Orders by UTF-16 code units: the same on every machine, unlike localeCompare. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
