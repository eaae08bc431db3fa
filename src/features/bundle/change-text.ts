import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Change } from '../../domain/diff/change/change.js';
import { writeChange } from '../../domain/diff/change/write-change.js';
import { negotiate } from '../../platform/http/negotiate.js';

/** What can be had as text too: who may talk to whom now and could not before, in lines. */
export const TEXT = { 'text/plain': { schema: { type: 'string' } } };

/** The answer as JSON, or the change in it as text, whichever is asked for. Refuses (not-acceptable) anything else. */
export function changeAs<T extends object>(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: T,
  changeIn: (answer: T) => Change,
): T | string {
  if (negotiate(request.headers.accept, ['application/json', 'text/plain']) === 'application/json') return answer;
  void reply.header('content-type', 'text/plain; charset=utf-8');
  return writeChange(changeIn(answer));
}
