import type { Account } from './service-account.lookup.js';

/** Options for a program of PostgreSQL: its account, a folder it can always enter, and an environment without our secrets or PG* settings. */
export function asAccount(account: Account | undefined): {
  cwd: string;
  env: Record<string, string>;
  uid?: number;
  gid?: number;
} {
  return { cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' }, ...account };
}

/** What stands behind messages that lead astray. */
const HINTS: readonly (readonly [sign: string, hint: string])[] = [
  // The packages are built for glibc; on Alpine the loader they name does not exist, which reads like a missing file.
  ['ENOENT', 'the embedded PostgreSQL needs glibc; on Alpine set DATABASE_URL'],
  ['could not look up effective user ID', 'give this user a line in /etc/passwd, or set DATABASE_URL'],
];

/** Takes why a program did not run, gives an error that says what can be done about it. */
export function explained(program: string, error: unknown): Error {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  const why = said || (error instanceof Error ? error.message : String(error));
  const hint = HINTS.find(([sign]) => why.includes(sign))?.[1];
  const advice = hint === undefined ? '' : ` (${hint})`;
  return new Error(`${program} of the embedded PostgreSQL failed: ${why}${advice}`, { cause: error });
}
