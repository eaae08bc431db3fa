import {
  type Attributes,
  type Context,
  context,
  createTraceState,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from '@opentelemetry/api';
import { readTraceParent, type TraceHeaders } from './trace.js';

const NAME = 'sluice';

/** Where an operator has registered an SDK, a tracer of it; nothing otherwise, which is how all of this costs nothing. */
export function tracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  // The provider of the API says whether anything is behind it.
  if ('getDelegateTracer' in provider && typeof provider.getDelegateTracer === 'function')
    return (provider.getDelegateTracer as (name: string) => Tracer | undefined)(NAME);
  return provider.getTracer(NAME);
}

export interface SpanSettings {
  readonly kind: SpanKind;
  readonly attributes?: Attributes;
  /** Of another process; the span that is active here, where there is none. */
  readonly parent?: TraceHeaders | undefined;
}

/** Does it within a span, which those are children of that are begun by it. Of an error it has the kind, and no words: those may say more than was meant. */
export async function inSpan<T>(
  name: string,
  { kind, attributes = {}, parent }: SpanSettings,
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  const made = tracer();
  if (made === undefined) return work(undefined);
  const within = parent === undefined ? context.active() : remote(parent);
  const span = made.startSpan(name, { kind, attributes }, within);
  try {
    return await context.with(trace.setSpan(within, span), () => work(span));
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

export function fail(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', kindOf(error));
}

/** A context in which a span of another process is the active one; the bare one where the headers say nothing. */
export function remote({ traceparent, tracestate }: Partial<TraceHeaders>): Context {
  const parent = readTraceParent(traceparent);
  if (parent === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    ...{ traceId: parent.traceId, spanId: parent.spanId, isRemote: true },
    traceFlags: parseInt(parent.flags, 16) & TraceFlags.SAMPLED,
    ...(tracestate === undefined ? {} : { traceState: createTraceState(tracestate) }),
  });
}

/** What is told to others of a span; nothing where the SDK does not say which it is. */
export function headersOf(span: Span | undefined): TraceHeaders | undefined {
  const known = span?.spanContext();
  if (known === undefined || !isSpanContextValid(known)) return undefined;
  const { traceId, spanId, traceFlags, traceState } = known;
  const traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  const tracestate = traceState?.serialize();
  return tracestate === undefined || tracestate === '' ? { traceparent } : { traceparent, tracestate };
}

/** A code where it has one: of ours, of PostgreSQL, of Node. */
function kindOf(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'error';
}
