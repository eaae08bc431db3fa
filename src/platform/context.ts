import { SluiceError } from '../domain/errors.js';
import type { Scope } from '../domain/scope.js';
import type { ReadFrom } from '../store/reads.js';
import type { Trace } from '../seeing/trace.js';

/** Who asks, and what holds for the whole request. First argument of every service method. */
export interface RequestContext {
  /** The name of the token, as the change log records it. */
  readonly actor: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Set for a token that is bound to one environment. */
  readonly boundTo: string | undefined;
  readonly traceId: string;
  /** What others are told of that trace; not there for what no request asked for. */
  readonly trace?: Pick<Trace, 'headers'> | undefined;
  readonly now: Date;
  /** Why: the header Sluice-Reason or the GraphQL argument `reason`. */
  readonly reason: string | undefined;
  /** Do all checks, store nothing. */
  readonly dryRun: boolean;
  readonly idempotencyKey: string | undefined;
  /** How new answers must be at least: the header Sluice-Min-Revision or `?minRevision=`. */
  readonly minRevision: number | undefined;
  /** Where what the model says may be read for that: by the primary, where nothing is demanded. */
  readonly readFrom: ReadFrom;
}

/** `admin` may do everything; whoever may write or publish may read. */
const IMPLIED: Record<Scope, readonly Scope[]> = {
  read: ['read', 'write', 'publish', 'admin'],
  write: ['write', 'admin'],
  publish: ['publish', 'admin'],
  admin: ['admin'],
};

/**
 * May they do this? `environment` is the one concerned, if there is just one: a token bound to an environment reads the shared model, but
 * writes, publishes and reads versions in its own environment only.
 */
export function hasScope(
  { scopes, boundTo }: Pick<RequestContext, 'scopes' | 'boundTo'>,
  scope: Scope,
  environment?: string,
): boolean {
  if (!IMPLIED[scope].some((held) => scopes.has(held))) return false;
  return boundTo === undefined || environment === boundTo || (environment === undefined && scope === 'read');
}

/** Refuses (forbidden, naming the scope) where the token may not do this. */
export function requireScope(ctx: RequestContext, scope: Scope, environment?: string): void {
  if (hasScope(ctx, scope, environment)) return;
  if (!IMPLIED[scope].some((held) => ctx.scopes.has(held))) {
    const held = [...ctx.scopes].sort().join(', ') || 'none';
    throw new SluiceError('forbidden', `this needs a token with the scope "${scope}" (yours has: ${held})`);
  }
  const where = environment === undefined ? 'what all environments share' : `environment "${environment}"`;
  throw new SluiceError(
    'forbidden',
    `this token is bound to environment "${ctx.boundTo}": it has no scope "${scope}" for ${where}`,
  );
}
