import type { FastifyInstance } from 'fastify';
import type { LastKnown } from '../../store/last-known.js';

/**
 * Says of every reply for which the database did not answer how many seconds ago it last did: `Sluice-Stale: 12`. What was read from memory
 * meanwhile was right then, and may not be the latest any more. A reply that took nothing from memory while another did may say so too.
 */
export function registerStale(fastify: FastifyInstance, lastKnown: LastKnown): void {
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    const now = lastKnown.now();
    if (lastKnown.usedAt >= now - reply.elapsedTime && reply.statusCode < 400)
      void reply.header('sluice-stale', String(Math.ceil((now - lastKnown.answeredAt) / 1000)));
    done();
  });
}
