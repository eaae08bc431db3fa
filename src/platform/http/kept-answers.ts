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

/** What is kept of versions, and what of the model: so that who reads all of the model does not push the versions out. */
const SHELVES = {
  /** Those who ask for one path differ in few ways. */
  versions: { paths: 1_000, ofAPath: 8 },
  /** Bodies are kept too. */
  model: { paths: 1_000, ofAPath: 2 },
} as const;
type Shelf = keyof typeof SHELVES;

/** Characters of what decides. */
const DECIDING_MAX = 1_000;
/** Characters of a body that is kept with its answer. */
const BODY_MAX = 8_192;

/** That an answer may be given again, to whom, and how long. */
export interface Stands {
  /** To whoever may read this environment, or what all of them share. */
  readonly environment: string | undefined;
  /** Is it what would be answered now? Told by what is in memory, unless it names what may change. */
  readonly holds: () => boolean | Promise<boolean>;
}

/** The same, of an answer whose body is in memory anyway. */
export interface Lasting extends Stands {
  /** Its body, as long as that is in memory. */
  readonly bytes: () => Buffer | undefined;
}

interface Kept extends Lasting {
  readonly shelf: Shelf;
  readonly method: string | undefined;
  /** In the order of DECIDING. */
  readonly deciding: readonly (string | undefined)[];
  readonly status: number;
  /** Names and values in turn, as node:http takes them. */
  readonly headers: string[];
  readonly observe: (milliseconds: number) => void;
}

/**
 * Answers that were given before, given again in front of Fastify: of versions, which never change, and of single objects of the model, until any of it is
 * written. A route that made one says how long it lasts; what it said is sent again, header by header, to requests that are alike, from whoever has the right to it now. For everything else,
 * and where there is any doubt, the route is asked: it alone decides what an answer is.
 */
export class KeptAnswers {
  /** By path. */
  private readonly kept: Readonly<Record<Shelf, Map<string, Kept[]>>> = { versions: new Map(), model: new Map() };
  /** Bodies to keep, by the requests that they answer: there once they are sent. */
  private readonly bodies = new WeakMap<FastifyRequest, { bytes?: Buffer }>();

  constructor(
    private readonly authenticator: Authenticator,
    private readonly metrics: Metrics,
  ) {
    // Where something may have been missed the database may be another, and number what is written otherwise.
    authenticator.onRevocation((id) => id === '' && this.kept.model.clear());
  }

  /** Stands in front of Fastify, and of whoever listens to its requests by now, until it closes. */
  putInFront(fastify: FastifyInstance): void {
    const { server } = fastify;
    const others = server.listeners('request') as RequestListener[];
    const [watchers, ordinary] = [others.slice(0, -1), others.at(-1)!];
    const watch: RequestListener = (request, reply) => {
      for (const watcher of watchers) watcher.call(server, request, reply);
    };
    const first: RequestListener = (request, reply) => this.answer(request, reply, watch, ordinary);
    server.removeAllListeners('request').on('request', first);
    fastify.addHook('onSend', (request, _reply, payload, done) => {
      const body = this.bodies.get(request);
      if (body !== undefined && typeof payload === 'string' && payload.length <= BODY_MAX)
        body.bytes = Buffer.from(payload);
      done();
    });
    fastify.addHook('preClose', (done) => {
      server.off('request', first);
      for (const other of others) server.on('request', other);
      done();
    });
  }

  /** Keeps what this reply says of a version, once all of it was sent, where that is a 200 or a 304. */
  keep(request: FastifyRequest, reply: FastifyReply, lasting: Lasting): void {
    this.put('versions', request, reply, lasting);
  }

  /** The same of the model, with its body, where that is short. */
  keepWhole(request: FastifyRequest, reply: FastifyReply, stands: Stands): void {
    const body: { bytes?: Buffer } = {};
    this.bodies.set(request, body);
    this.put('model', request, reply, { ...stands, bytes: () => body.bytes });
  }

  private put(shelf: Shelf, { raw, routeOptions }: FastifyRequest, reply: FastifyReply, lasting: Lasting): void {
    const { method, url = '' } = raw;
    const deciding = DECIDING.map((name) => raw.headers[name]?.toString());
    if (url.length + deciding.join('').length > DECIDING_MAX) return;
    reply.raw.once('finish', () => {
      const { statusCode: status } = reply;
      if (status !== 200 && status !== 304) return; // what was not read after all, for one
      if (hasBody(raw, { status }) && lasting.bytes() === undefined) return;
      if (reply.hasHeader('sluice-stale')) return;
      // The trace was that of one request alone.
      const lasts = Object.entries(reply.getHeaders()).filter(([name]) => name !== 'traceparent');
      const headers = lasts.flatMap(([name, value]) => [name, String(value)]);
      const observe = this.metrics.observer(raw.method ?? '', routeOptions.url, status);
      const { paths, ofAPath } = SHELVES[shelf];
      const answers = this.kept[shelf];
      if (answers.size >= paths) answers.clear();
      const others = this.othersThan(raw);
      const kept = { ...lasting, shelf, method, deciding, status, headers, observe };
      answers.set(url, others.length < ofAPath ? [...others, kept] : [kept]);
    });
  }

  private ofPath(url = ''): readonly Kept[] | undefined {
    return this.kept.versions.get(url) ?? this.kept.model.get(url);
  }

  private find({ method, url, headers }: IncomingMessage): Kept | undefined {
    return this.ofPath(url)?.find((kept) => kept.method === method && isAlike(headers, kept));
  }

  /** Of the same path. */
  private othersThan(request: IncomingMessage): Kept[] {
    const alike = this.find(request);
    return (this.ofPath(request.url) ?? []).filter((kept) => kept !== alike);
  }

  /** What is neither asked nor answered with a body is over at once, and nobody need watch it. */
  private answer(
    request: IncomingMessage,
    reply: ServerResponse,
    watch: RequestListener,
    ordinary: RequestListener,
  ): void {
    const started = performance.now();
    const kept = this.find(request);
    const allowed = kept !== undefined && this.isAllowed(request, kept.environment);
    const holds = allowed && kept.holds();
    if (holds === true && !hasBody(request, kept) && !sendsBody(request))
      return this.sendHead(request, reply, kept, started);
    watch(request, reply);
    if (!allowed) return ordinary(request, reply);
    const settle = (still: boolean) => {
      if (!still) this.kept[kept.shelf].set(request.url ?? '', this.othersThan(request));
      if (!still || !this.send(request, reply, kept, started)) ordinary(request, reply);
    };
    if (typeof holds === 'boolean') settle(holds);
    else holds.then(settle, () => ordinary(request, reply));
  }

  private isAllowed({ headers }: IncomingMessage, environment: string | undefined): boolean {
    const token = this.authenticator.recall(headers.authorization, new Date());
    return token !== undefined && hasScope(rightsOf(token), 'read', environment);
  }

  private sendHead(request: IncomingMessage, reply: ServerResponse, kept: Kept, started: number): void {
    reply.writeHead(kept.status, headersFor(request, kept));
    reply.end();
    kept.observe(performance.now() - started);
  }

  /** False where the body is no longer in memory. */
  private send(request: IncomingMessage, reply: ServerResponse, kept: Kept, started: number): boolean {
    const bytes = hasBody(request, kept) ? kept.bytes() : undefined;
    if (hasBody(request, kept) && bytes === undefined) return false;
    reply.on('finish', () => kept.observe(performance.now() - started));
    reply.writeHead(kept.status, headersFor(request, kept));
    reply.end(bytes);
    return true;
  }
}

function hasBody({ method }: IncomingMessage, { status }: Pick<Kept, 'status'>): boolean {
  return status !== 304 && method !== 'HEAD';
}

function sendsBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

function isAlike(headers: IncomingMessage['headers'], { deciding }: Kept): boolean {
  for (let n = 0; n < DECIDING.length; n++) if (headers[DECIDING[n]!] !== deciding[n]) return false;
  return true;
}

/** Those that are kept; who names a trace is told where in it this was, as by the route. */
function headersFor({ headers }: IncomingMessage, kept: Kept): string[] {
  if (headers['traceparent'] === undefined) return kept.headers;
  return [...kept.headers, 'traceparent', traceOf(headers).headers.traceparent];
}
