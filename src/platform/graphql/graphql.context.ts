import { SluiceError } from '../../domain/errors.js';
import { plainText } from '../../schema/parts.js';
import type { RequestContext } from '../context.js';
import type { GraphQLRequest } from './graphql.request.js';
import type { WriteArgs } from './write.args.js';

const REASON_MAX = 1000;

/** What resolvers know of the request that they serve. */
export interface GraphQLContext {
  /** Of the request; from the first write on, what it reads it reads where it wrote. */
  ctx: RequestContext;
  /** What loaders remember they remember for one epoch; each write begins a new one. */
  epoch: object;
  /** Writes begun so far. */
  writes: number;
}

/** What the hooks before execution see: the context of resolvers, and the request. */
export interface ExecutionContext extends GraphQLContext {
  readonly asked: GraphQLRequest;
}

export function graphqlContext(ctx: RequestContext): GraphQLContext {
  return { ctx, epoch: {}, writes: 0 };
}

/**
 * The request's context for one write: with its own reason and dry run. An Idempotency-Key guards one write, so where a document
 * has several, the second and later ones get a key of their own from it.
 */
export function writing(gql: GraphQLContext, { reason, dryRun }: WriteArgs): RequestContext {
  const { ctx } = gql;
  gql.epoch = {};
  gql.writes++;
  gql.ctx = { ...ctx, readFrom: 'primary' };
  const key = ctx.idempotencyKey;
  return {
    ...ctx,
    reason: reason === undefined || reason === null ? ctx.reason : readReason(reason),
    dryRun: ctx.dryRun || dryRun === true,
    idempotencyKey: key === undefined || gql.writes === 1 ? key : `${key}#${gql.writes}`,
  };
}

function readReason(reason: string): string {
  if (reason.length <= REASON_MAX && plainText(reason) === undefined) return reason;
  const detail = `reason is plain text of at most ${REASON_MAX} characters`;
  throw new SluiceError('malformed', detail, [
    { pointer: '#/reason', code: 'plain-text', detail, value: reason.slice(0, 200) },
  ]);
}
