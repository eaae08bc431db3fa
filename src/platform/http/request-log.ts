import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { traceOf } from '../../seeing/trace.js';

/** What the connection had sent before this request. */
const sentBefore = new WeakMap<FastifyRequest, number>();

/**
 * One line a request, at the level `info`; where that is off, no hook is added. The route is its pattern: what stands in a path, a query, a header
 * or a body is for whoever asked, and not for the log.
 */
export function registerRequestLog(fastify: FastifyInstance, log: Logger): 'on' | 'off' {
  if (!log.isLevelEnabled('info')) return 'off';
  fastify.addHook('onRequest', (request, reply, done) => {
    sentBefore.set(request, request.raw.socket.bytesWritten);
    request.trace ??= traceOf(request.headers);
    void reply.header('traceparent', request.trace.headers.traceparent);
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    log.info(lineOf(request, reply), 'request');
    done();
  });
  return 'on';
}

function lineOf(request: FastifyRequest, reply: FastifyReply): object {
  const { method, trace } = request;
  const actor = (request.sluice as FastifyRequest['sluice'] | null)?.actor;
  return {
    method,
    route: request.routeOptions.url ?? 'none',
    status: reply.statusCode,
    durationMs: Math.round(reply.elapsedTime * 100) / 100,
    bytes: request.raw.socket.bytesWritten - (sentBefore.get(request) ?? 0),
    ...(actor === undefined ? {} : { actor }),
    traceId: trace.id,
    spanId: trace.spanId,
  };
}
