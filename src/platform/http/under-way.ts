import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { SluiceError } from '../../domain/errors.js';
import { readWait } from './prefer.js';

/** Long enough for a request whose first bytes are on their way. */
const GRACE_MS = 250;
const LOOK_MS = 1_000;

export interface UnderWayOptions {
  /** How long a reply may take to begin; a request that prefers to wait has that time besides. */
  readonly deadlineMs: number;
  /** Answers those that only wait for something, when the server closes. */
  readonly release: () => void;
  /** Answers in the form of whoever asked. */
  readonly refuse: (error: SluiceError, reply: FastifyReply) => void;
}

/**
 * Knows the requests that are under way: so one that takes too long is answered, and a closing server ends as soon as there is none. Node alone
 * waits for connections on which nothing was ever sent (browsers and load balancers open some ahead), until their headers are overdue.
 */
export function registerUnderWay(fastify: FastifyInstance, { deadlineMs, release, refuse }: UnderWayOptions): void {
  // The longest under way come first. Those that have no reply of Fastify are answered before they get there.
  const replies = new Map<ServerResponse, FastifyReply | undefined>();
  // One function for all, so that those who wait hold less; also called where the client went away.
  function ended(this: ServerResponse): void {
    replies.delete(this);
  }
  fastify.server.prependListener('request', (_request, reply) => {
    replies.set(reply, undefined);
    reply.once('close', ended);
  });
  fastify.addHook('onRequest', (_request, reply, done) => {
    if (replies.has(reply.raw)) replies.set(reply.raw, reply);
    done();
  });
  const look = setInterval(() => {
    for (const reply of replies.values()) {
      if (reply === undefined) continue;
      if (reply.elapsedTime < deadlineMs) return;
      if (isLate(reply, deadlineMs)) refuse(tooLong(reply, deadlineMs), reply);
    }
  }, LOOK_MS).unref();
  fastify.addHook('preClose', (done) => {
    clearInterval(look);
    release();
    const timer = setInterval(() => {
      if (replies.size > 0) return;
      clearInterval(timer);
      fastify.server.closeAllConnections();
    }, GRACE_MS);
    done();
  });
}

/** A reply that has begun, as a stream has, goes on. */
function isLate(reply: FastifyReply, deadlineMs: number): boolean {
  const wait = readWait(reply.request.headers['prefer']) ?? 0;
  return !reply.sent && !reply.raw.headersSent && reply.elapsedTime >= deadlineMs + wait * 1000;
}

function tooLong({ request }: FastifyReply, deadlineMs: number): SluiceError {
  const outcome =
    request.method === 'GET' || request.method === 'HEAD'
      ? 'try again later'
      : 'it may still be done, or not: ask again with the same Idempotency-Key, or look before you try again';
  return new SluiceError('unavailable', `this was given up after ${deadlineMs / 1000} seconds; ${outcome}`);
}
