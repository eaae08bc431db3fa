/** PostgreSQL, pg and Prisma say in these codes that the database is away, closing, out of resources, or takes too long: not that the request is wrong. */
const AWAY =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|57P0[1-4]|57014|25006|3D000|28\w{3}|53\w{3}|58\w{3}|08\w{3}|P100[0-3]|P1008|P1010|P1017|P2024|P2028|P2037)$/;
const AWAY_TEXT =
  /Connection terminated|not queryable|timeout exceeded when trying to connect|Query read timeout|Can't reach database|server closed the connection|Cannot use a pool after/;

interface Thrown {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly meta?: { readonly driverAdapterError?: unknown };
}

/** Takes anything thrown: does it, or what it came from, say that the database does not answer? */
export function isAway(thrown: unknown): boolean {
  for (let at = thrown as Thrown | undefined | null, depth = 0; at && depth < 5; at = within(at), depth++) {
    if ([at.code, at.originalCode].some((code) => typeof code === 'string' && AWAY.test(code))) return true;
    if (typeof at.message === 'string' && AWAY_TEXT.test(at.message)) return true;
  }
  return false;
}

/** What an error came from; Prisma keeps that of its adapter in its own place. */
function within({ cause, meta }: Thrown): Thrown | undefined | null {
  return (cause ?? meta?.driverAdapterError) as Thrown | undefined | null;
}
