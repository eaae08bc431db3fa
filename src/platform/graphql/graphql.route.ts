import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GraphQLError } from 'graphql';
import { type ErrorCode, SluiceError } from '../../domain/errors.js';
import { negotiate } from '../http/negotiate.js';
import { STATUS } from '../http/problem.js';
import { errorsIn, formatError, meaningOf, type Report } from './graphql-errors.js';
import { type GraphQLContext, graphqlContext } from './graphql.context.js';
import { type GraphQLRequest, readGraphQLRequest } from './graphql.request.js';
import { refusedArguments } from './refused-arguments.js';

// GraphQL over HTTP: https://graphql.github.io/graphql-over-http/draft/

const MEDIA_TYPES = ['application/json', 'application/graphql-response+json'] as const;

/** What the hooks before execution see: the context of resolvers, and the request. */
export interface ExecutionContext extends GraphQLContext {
  readonly asked: GraphQLRequest;
}

/** `kind` says how far a request came: GraphQL itself found it `invalid`, or our own limits `refused` it. */
type Answer =
  | { readonly kind: 'executed'; readonly data: unknown; readonly errors: readonly GraphQLError[] }
  | { readonly kind: 'unreadable' | 'refused' | 'invalid'; readonly errors: readonly GraphQLError[] };

/** POST for everything, GET for queries. */
export function registerGraphQLRoute(fastify: FastifyInstance, report: Report): void {
  fastify.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const mediaType = negotiate(request.headers.accept, MEDIA_TYPES);
      const answer = await answerTo(fastify, request);
      const errors = answer.errors.map((error) => formatError(error, request.traceId, report));
      const body = { ...(errors.length > 0 ? { errors } : {}), ...('data' in answer ? { data: answer.data } : {}) };
      const status = statusOf(answer, mediaType);
      if (status === STATUS['method-not-allowed']) void reply.header('allow', 'POST');
      const headers = { 'content-type': `${mediaType}; charset=utf-8`, 'cache-control': 'no-store', vary: 'Accept' };
      return reply.status(status).headers(headers).send(JSON.stringify(body));
    },
  });
}

async function answerTo(fastify: FastifyInstance, request: FastifyRequest): Promise<Answer> {
  let asked: GraphQLRequest;
  try {
    asked = readGraphQLRequest(request);
  } catch (error) {
    return { kind: 'unreadable', errors: errorsIn(error) };
  }
  const answer = await execute(fastify, asked, request);
  if (answer.kind !== 'invalid') return answer;
  const errors = await refusedArguments(fastify.graphql.schema, asked, graphqlContext(request.sluice));
  return errors.length > 0 ? { kind: 'invalid', errors } : answer;
}

async function execute(fastify: FastifyInstance, asked: GraphQLRequest, request: FastifyRequest): Promise<Answer> {
  const { query, operationName } = asked;
  const context: ExecutionContext = { ...graphqlContext(request.sluice), asked };
  // Mercurius keeps what it compiled by the text alone: without the name in it, one operation of a document would be run for another.
  const source = operationName === undefined ? query : `${query}\n# ${operationName}`;
  try {
    const { data, errors = [] } = await fastify.graphql(source, context, undefined, operationName);
    return data === undefined ? { kind: 'invalid', errors } : { kind: 'executed', data, errors };
  } catch (error) {
    return { kind: error instanceof SluiceError ? 'refused' : 'invalid', errors: errorsIn(error) };
  }
}

/** With application/json a well-formed request has 200 whatever became of it; the newer type tells what was not executed. */
function statusOf(answer: Answer, mediaType: (typeof MEDIA_TYPES)[number]): number {
  if (answer.kind === 'executed') return 200;
  const [first] = answer.errors;
  const code: ErrorCode = first === undefined ? 'internal' : meaningOf(first).code;
  const told = answer.kind === 'unreadable' || code === 'method-not-allowed' || mediaType !== 'application/json';
  return told ? STATUS[code] : 200;
}
