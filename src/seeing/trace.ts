import { randomBytes } from 'node:crypto';

// W3C Trace Context: https://www.w3.org/TR/trace-context/

/** New ids count up from a random start: as unique as random ones, and cheaper by far. */
const PROCESS = randomBytes(8).toString('hex');
const SPANS = randomBytes(4).toString('hex');
let made = 0;
let spans = 0;

/** As they are sent: to who is asked next, and to who asked. */
export interface TraceHeaders {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** What a `traceparent` says. */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  /** Two hexadecimal digits; the last bit says that it is recorded. */
  readonly flags: string;
}

const VERSION_0 = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
/** A later version may have more behind the four fields, and begins as version 0. */
const LATER = /^(?!00|ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
const ZEROS = /^0+$/;

/** Nothing where it is not one: then a trace begins here. */
export function readTraceParent(header: string | string[] | undefined): TraceParent | undefined {
  if (typeof header !== 'string') return undefined;
  const [, traceId, spanId, flags] = VERSION_0.exec(header) ?? LATER.exec(header) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return ZEROS.test(traceId) || ZEROS.test(spanId) ? undefined : { traceId, spanId, flags };
}

const STATE_MAX = 512;
const MEMBER = /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** Of other vendors, to be passed on as it is; nothing where it is not one, or longer than has to be passed on. */
export function readTraceState(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string' || header.length > STATE_MAX) return undefined;
  const members = header.split(',').flatMap((member) => member.trim() || []);
  const good = members.length > 0 && members.length <= 32 && members.every((member) => MEMBER.test(member));
  return good ? members.join(',') : undefined;
}

/** Where a request stands: in the trace that it names, or at the beginning of a new one. */
export class Trace {
  private own: string | undefined;

  constructor(
    readonly id: string,
    private readonly flags: string,
    private readonly state: string | undefined,
    spanId?: string,
  ) {
    this.own = spanId;
  }

  /** Of what this process does for the request; most requests are never asked for it. */
  get spanId(): string {
    return (this.own ??= newSpanId());
  }

  /** What is told to others, so that what they do counts as part of it. */
  get headers(): TraceHeaders {
    const traceparent = `00-${this.id}-${this.spanId}-${this.flags}`;
    return this.state === undefined ? { traceparent } : { traceparent, tracestate: this.state };
  }
}

/** By the headers of a request. A `tracestate` without a good `traceparent` means nothing. */
export function traceOf(headers: Readonly<Record<string, string | string[] | undefined>>): Trace {
  const given = headers['traceparent'];
  const parent = given === undefined ? undefined : readTraceParent(given);
  if (parent === undefined) return new Trace(newTraceId(), '00', undefined);
  return new Trace(parent.traceId, parent.flags, readTraceState(headers['tracestate']));
}

/** The same trace one step further, by what was told. */
export function stepOf({ traceparent, tracestate }: TraceHeaders): TraceHeaders {
  return traceOf({ traceparent, tracestate }).headers;
}

function newTraceId(): string {
  return PROCESS + (++made).toString(16).padStart(16, '0');
}

function newSpanId(): string {
  return SPANS + (++spans % 2 ** 32).toString(16).padStart(8, '0');
}
