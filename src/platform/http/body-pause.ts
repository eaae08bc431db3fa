import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Wheel } from '../wheel.js';
import { answerClientError } from './client-error.js';

/**
 * Ends requests whose body stops coming, also where the answer has gone out already: Node knows a limit for all of a request, which a large body on
 * a slow line needs, and none for its pauses. A request without a body costs two look-ups.
 */
export function registerBodyPause(fastify: FastifyInstance, wheel: Wheel, pauseMs: number): void {
  fastify.server.prependListener('request', (request) => {
    const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
    if (coding !== undefined || (length !== undefined && length !== '0')) watch(request, wheel, pauseMs);
  });
}

/** Looks once in a while whether anything came since: a body that pauses is ended after one pause, and before the end of two. */
function watch(request: IncomingMessage, wheel: Wheel, pauseMs: number): void {
  const { socket } = request;
  let read = socket.bytesRead;
  const look = () => {
    if (request.complete || socket.destroyed) return;
    if (socket.bytesRead === read) return answerClientError({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket);
    read = socket.bytesRead;
    letGo = wheel.after(pauseMs, look);
  };
  let letGo = wheel.after(pauseMs, look);
  const stop = () => letGo();
  request.once('end', stop).once('close', stop);
}
