import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError } from 'graphql';
import { type ErrorCode, SluiceError } from '../../domain/errors.js';
import type { ReadSources } from '../../store/reads.js';
import { EVENT_STREAM, type EventStream, type EventStreams } from '../http/event-streams.js';
import { REVISION_HEADER } from '../http/min-revision.js';
import { negotiate } from '../http/negotiate.js';
import { STATUS } from '../http/problem.js';
import { errorsIn, formatError, meaningOf, type Report } from './graphql-errors.js';
import { type ExecutionContext, type GraphQLContext, graphqlContext } from './graphql.context.js';
import { type GraphQLRequest, readGraphQLRequest } from './graphql.request.js';
import { refusedArguments } from './refused-arguments.js';
import { type Execution, isSubscription, subscribed } from './subscription.js';

// GraphQL over HTTP: https://graphql.github.io/graphql-over-http/draft/

const MEDIA_TYPES = ['application/json', 'application/graphql-response+json', EVENT_STREAM] as const;

/** `kind` says how far a request came: GraphQL itself found it `invalid`, or our own limits `refused` it. */
type Answer =
  | {
      readonly kind: 'executed';
      readonly data: unknown;
      readonly errors: readonly GraphQLError[];
      readonly gql: GraphQLContext;
    }
  | {
      readonly kind: 'unreadable' | 'refused' | 'invalid';
      readonly data?: undefined;
      readonly errors: readonly GraphQLError[];
    };

/** POST for everything, GET for queries and subscriptions. A subscription is answered by a stream, and so is whatever else is asked for as one. */
export function registerGraphQLRoute(
  fastify: FastifyInstance,
  streams: EventStreams,
  sources: ReadSources,
  report: Report,
): void {
  fastify.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const { accept } = request.headers;
      const bodyOf = (told: Execution) => JSON.stringify(executionResult(told, request, report));
      // Clients name it beside other types for whatever they ask.
      if (accept?.includes(EVENT_STREAM) && isSubscription(request) && negotiate(accept, [EVENT_STREAM]))
        return sendStream(streams, request, reply, subscribed(fastify.graphql.schema, request), bodyOf);
      const mediaType = negotiate(accept, MEDIA_TYPES);
      const answer = await answerTo(fastify, request);
      if (mediaType === EVENT_STREAM && answer.kind !== 'unreadable')
        return sendStream(streams, request, reply, once(answer), bodyOf);
      const type = mediaType === EVENT_STREAM ? MEDIA_TYPES[0] : mediaType;
      const status = statusOf(answer, type);
      if (status === STATUS['method-not-allowed']) void reply.header('allow', 'POST');
      if (answer.kind === 'executed' && carriesRevision(answer.gql))
        void reply.header(REVISION_HEADER, await sources.revision(answer.gql.ctx.readFrom));
      const headers = { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store', vary: 'Accept' };
      return reply.status(status).headers(headers).send(bodyOf(answer));
    },
  });
}

/** Who writes, and who demands a revision, may want to carry it over; for others it would be a question more to the database. */
function carriesRevision({ ctx, writes }: GraphQLContext): boolean {
  return writes > 0 || ctx.minRevision !== undefined;
}

function executionResult({ data, errors }: Execution, { traceId }: FastifyRequest, report: Report): object {
  const told = errors.map((error) => formatError(error, traceId, report));
  return { ...(told.length > 0 ? { errors: told } : {}), ...(data === undefined ? {} : { data }) };
}

async function* once(answer: Execution): AsyncGenerator<Execution, undefined> {
  yield answer;
}

/**
 * The protocol of graphql-sse in its mode of distinct connections: an event `next` for each result, errors too, and `complete` after the last one. A
 * stream that ends without it was broken off. https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */
async function sendStream(
  streams: EventStreams,
  request: FastifyRequest,
  reply: FastifyReply,
  results: AsyncIterableIterator<Execution, 'closing' | undefined>,
  bodyOf: (told: Execution) => string,
): Promise<void> {
  void reply.header('vary', 'Accept');
  const stream = await streams.open(request, reply);
  if (stream === undefined) return;
  stream.onEnd(() => void results.return?.());
  void pump(results, stream, bodyOf).catch(() => stream.end());
}

async function pump(
  results: AsyncIterator<Execution, 'closing' | undefined>,
  stream: EventStream,
  bodyOf: (told: Execution) => string,
): Promise<void> {
  while (stream.isOpen) {
    const { value, done } = await results.next();
    if (done !== true) await stream.send([{ event: 'next', data: bodyOf(value) }]);
    else if (value === 'closing') stream.end();
    else await stream.send([{ event: 'complete', data: '' }]).then(() => stream.end());
  }
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
    return data === undefined ? { kind: 'invalid', errors } : { kind: 'executed', data, errors, gql: context };
  } catch (error) {
    return { kind: error instanceof SluiceError ? 'refused' : 'invalid', errors: errorsIn(error) };
  }
}

/** With application/json a well-formed request has 200 whatever became of it; the newer type tells what was not executed. */
function statusOf(answer: Answer, mediaType: Exclude<(typeof MEDIA_TYPES)[number], typeof EVENT_STREAM>): number {
  if (answer.kind === 'executed') return 200;
  const [first] = answer.errors;
  const code: ErrorCode = first === undefined ? 'internal' : meaningOf(first).code;
  const told = answer.kind === 'unreadable' || code === 'method-not-allowed' || mediaType !== 'application/json';
  return told ? STATUS[code] : 200;
}
