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
  | 'gone' // a version that was published once, and removed by retention
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

/** A body of a megabyte can hold a hundred thousand mistakes: who made them learns of so many at once. */
export const PROBLEMS_MAX = 100;

const MORE = 'more-problems';

/** Stands behind the problems that are named. `count` is how many more there are, where that is known. */
export function moreProblems(count: number | undefined): Problem {
  if (count === undefined)
    return { pointer: '#', code: MORE, detail: `there may be more than these ${PROBLEMS_MAX} problems` };
  const problems = count === 1 ? '1 more problem' : `${count} more problems`;
  return { pointer: '#', code: MORE, detail: `there are ${problems} of which nothing is said here`, value: count };
}

/** Refuses once, with every problem (a hundred at most, and how many more), sorted by pointer and code; does nothing when there is none. */
export function refuse(problems: readonly Problem[], what: string): void {
  if (problems.length === 0) return;
  const sorted = inOrder(problems);
  const many = sorted.at(-1)?.code === MORE ? `more than ${PROBLEMS_MAX}` : String(sorted.length);
  const count = sorted.length === 1 ? '1 problem' : `${many} problems`;
  throw new SluiceError(
    'invalid',
    `${what} has ${count}: ${sorted[0]?.detail ?? ''}${sorted.length > 1 ? ' ...' : ''}`,
    sorted,
  );
}

function inOrder(problems: readonly Problem[]): Problem[] {
  const named = problems.filter(({ code }) => code !== MORE);
  const beyond = problems.filter(({ code }) => code === MORE).map(({ value }) => value);
  named.sort((a, b) => compareText(a.pointer, b.pointer) || compareText(a.code, b.code));
  const more = beyond.reduce<number>(
    (sum, count) => sum + Number(count ?? 0),
    Math.max(0, named.length - PROBLEMS_MAX),
  );
  if (beyond.length === 0 && more === 0) return named;
  return [...named.slice(0, PROBLEMS_MAX), moreProblems(beyond.includes(undefined) ? undefined : more)];
}

/** Orders by UTF-16 code units: the same on every machine, unlike localeCompare. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
