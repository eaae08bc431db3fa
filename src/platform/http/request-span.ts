import { type Context, context, type Span, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { watchPhases } from '../../seeing/phase.js';
import { headersOf, remote, tracer } from '../../seeing/span.js';
import { readTraceState, Trace } from '../../seeing/trace.js';

interface Spanned {
  readonly span: Span;
  readonly within: Context;
}

const spans = new WeakMap<FastifyRequest, Spanned>();

/**
 * A span for each request, and one for each phase of a publish within it. Only where an operator has registered an SDK (`node --import`, before the
 * server is made): without one no hook is added. Attributes are those of the conventions, and none of them has what a query or a header says.
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export function registerRequestSpans(fastify: FastifyInstance): 'on' | 'off' {
  if (tracer() === undefined) return 'off';
  fastify.addHook('onRequest', (request, reply, done) => {
    const begun = begin(request);
    if (begun === undefined) return done();
    void reply.header('traceparent', request.trace.headers.traceparent);
    context.with(begun.within, done);
  });
  // A body is read by events of its connection, which know nothing of the request.
  fastify.addHook('preValidation', (request, _reply, done) => {
    const begun = spans.get(request);
    if (begun === undefined) return done();
    context.with(begun.within, done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const begun = spans.get(request);
    if (begun !== undefined) end(begun.span, request, reply.statusCode);
    done();
  });
  const stop = watchPhases(({ name, began, ended }) => {
    tracer()
      ?.startSpan(`publish ${name}`, { startTime: began, attributes: { 'sluice.phase': name } })
      .end(ended);
  });
  fastify.addHook('onClose', (_, done) => {
    stop();
    done();
  });
  return 'on';
}

function begin(request: FastifyRequest): Spanned | undefined {
  const { method, headers } = request;
  const route = request.routeOptions.url;
  // Whoever instruments node:http has begun one already.
  const active = context.active();
  const parent = trace.getSpan(active) === undefined ? remote(traceHeadersOf(headers)) : active;
  const attributes = {
    'http.request.method': method,
    'url.path': request.url.split('?', 1)[0] ?? '',
    'url.scheme': 'http',
    ...(route === undefined ? {} : { 'http.route': route }),
  };
  const span = tracer()?.startSpan(
    route === undefined ? method : `${method} ${route}`,
    { kind: SpanKind.SERVER, attributes },
    parent,
  );
  if (span === undefined) return undefined;
  const { traceId, spanId, traceFlags } = span.spanContext();
  const begun = { span, within: trace.setSpan(parent, span) };
  spans.set(request, begun);
  const flags = (traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01';
  request.trace = new Trace(traceId, flags, headersOf(span)?.tracestate, spanId);
  return begun;
}

function traceHeadersOf({ traceparent, tracestate }: FastifyRequest['headers']): {
  traceparent?: string;
  tracestate?: string;
} {
  const state = readTraceState(tracestate);
  return {
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
    ...(state === undefined ? {} : { tracestate: state }),
  };
}

function end(span: Span, request: FastifyRequest, status: number): void {
  span.setAttribute('http.response.status_code', status);
  const actor = (request.sluice as FastifyRequest['sluice'] | null)?.actor;
  if (actor !== undefined) span.setAttribute('sluice.actor', actor);
  if (status >= 500) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttribute('error.type', String(status));
  }
  span.end();
}
