import type { FastifyReply, FastifyRequest } from 'fastify';
import { negotiate } from '../../platform/http/negotiate.js';
import { ANSWER_TYPES, type AnswerType } from '../../work/written.js';

/** What can be had as text too: who may talk to whom now and could not before, in lines. */
export const TEXT = { 'text/plain': { schema: { type: 'string' } } };

/** The answer as JSON, or the change in it as text, whichever is asked for. Refuses (not-acceptable) anything else. */
export async function sendAs(
  request: FastifyRequest,
  reply: FastifyReply,
  write: (type: AnswerType) => Promise<Uint8Array>,
): Promise<Buffer> {
  const type = negotiate(request.headers.accept, ANSWER_TYPES);
  const written = await write(type);
  void reply.header('content-type', `${type}; charset=utf-8`);
  return bufferOf(written);
}

/** The same memory, as Fastify sends it. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
