import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../auth/authenticator.js';
import { rightsOf } from '../auth/rights.js';
import { hasScope } from '../context.js';
import { traceOf } from '../../seeing/trace.js';
import type { Metrics } from '../metrics/metrics.js';

/** What decides an answer, besides method and path and who asks: two requests that are alike in all of these get the same. */
const DECIDING = [
  'accept',
  'accept-encoding',
  'if-none-match',
  'range',
  'if-range',
  'prefer',
  'sluice-reason',
  'sluice-min-revision',
] as const;

const KEPT_MAX = 2_000;
const KEY_MAX = 1_000;

/** That an answer may be given again, to whom, and how long. */
export interface Lasting {
  /** To whoever may read the versions of this environment. */
  readonly environment: string;
  /** Is it what would be answered now? Told by what is in memory, unless it names what may change. */
  readonly holds: () => boolean | Promise<boolean>;
  /** Its body, as long as that is in memory. */
  readonly bytes: () => Buffer | undefined;
}

interface Kept extends Lasting {
  readonly status: number;
  /** Names and values in turn, as node:http takes them. */
  readonly headers: string[];
  readonly observe: (milliseconds: number) => void;
}

/**
 * Answers that were given before, given again in front of Fastify: of versions, which never change. A route that made one says how long it
 * lasts; what it said is sent again, header by header, to requests that are alike, from whoever has the right to it now. For everything else,
 * and where there is any doubt, the route is asked: it alone decides what an answer is.
 */
export class KeptAnswers {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly authenticator: Authenticator,
    private readonly metrics: Metrics,
  ) {}

  /** Stands in front of Fastify until it closes. */
  putInFront(fastify: FastifyInstance): void {
    const { server } = fastify;
    const ordinary = server.listeners('request').at(-1) as RequestListener;
    const first: RequestListener = (request, reply) => this.answer(request, reply, ordinary);
    server.off('request', ordinary).on('request', first);
    fastify.addHook('preClose', (done) => {
      server.off('request', first).on('request', ordinary);
      done();
    });
  }

  /** Keeps what this reply says, once all of it was sent, where that is a 200 or a 304. */
  keep(request: FastifyRequest, reply: FastifyReply, lasting: Lasting): void {
    const key = keyOf(request.raw);
    if (key.length > KEY_MAX) return;
    reply.raw.once('finish', () => {
      const { statusCode: status } = reply;
      if (status !== 200 && status !== 304) return; // what was not read after all, for one
      if (reply.hasHeader('sluice-stale')) return;
      // The trace was that of one request alone.
      const lasts = Object.entries(reply.getHeaders()).filter(([name]) => name !== 'traceparent');
      const headers = lasts.flatMap(([name, value]) => [name, String(value)]);
      const observe = this.metrics.observer(request.method, request.routeOptions.url, status);
      if (this.kept.size >= KEPT_MAX) this.kept.clear();
      this.kept.set(key, { ...lasting, status, headers, observe });
    });
  }

  private answer(request: IncomingMessage, reply: ServerResponse, ordinary: RequestListener): void {
    const started = performance.now();
    const key = keyOf(request);
    const kept = this.kept.get(key);
    if (kept === undefined || !this.isAllowed(request, kept.environment)) return ordinary(request, reply);
    const settle = (holds: boolean) => {
      if (!holds) this.kept.delete(key);
      if (!holds || !this.send(request, reply, kept, started)) ordinary(request, reply);
    };
    const holds = kept.holds();
    if (typeof holds === 'boolean') settle(holds);
    else holds.then(settle, () => ordinary(request, reply));
  }

  private isAllowed({ headers }: IncomingMessage, environment: string): boolean {
    const token = this.authenticator.recall(headers.authorization, new Date());
    return token !== undefined && hasScope(rightsOf(token), 'read', environment);
  }

  /** False where the body is no longer in memory. */
  private send(request: IncomingMessage, reply: ServerResponse, kept: Kept, started: number): boolean {
    const hasBody = kept.status !== 304 && request.method !== 'HEAD';
    const bytes = hasBody ? kept.bytes() : undefined;
    if (hasBody && bytes === undefined) return false;
    reply.on('finish', () => kept.observe(performance.now() - started));
    reply.writeHead(kept.status, headersFor(request, kept));
    reply.end(bytes);
    return true;
  }
}

/** Those that are kept; who names a trace is told where in it this was, as by the route. */
function headersFor({ headers }: IncomingMessage, kept: Kept): string[] {
  if (headers['traceparent'] === undefined) return kept.headers;
  return [...kept.headers, 'traceparent', traceOf(headers).headers.traceparent];
}

function keyOf({ method, url, headers }: IncomingMessage): string {
  let key = `${method} ${url}`;
  for (const name of DECIDING) key += `\n${headers[name] ?? ''}`;
  return key;
}
