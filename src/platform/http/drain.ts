import type { FastifyInstance } from 'fastify';

/** Long enough for a request whose first bytes are on their way. */
const GRACE_MS = 250;

/**
 * Lets a closing server end as soon as no request is under way. Node alone waits for connections on which nothing was ever sent
 * (browsers and load balancers open some ahead), until their headers are overdue. `release` answers those that only wait for something.
 */
export function registerDrain(fastify: FastifyInstance, release: () => void): void {
  let underWay = 0;
  const ended = () => void underWay--;
  fastify.addHook('onRequest', (_request, reply, done) => {
    underWay++;
    reply.raw.once('close', ended); // also where the client went away
    done();
  });
  fastify.addHook('preClose', (done) => {
    release();
    const timer = setInterval(() => {
      if (underWay > 0) return;
      clearInterval(timer);
      fastify.server.closeAllConnections();
    }, GRACE_MS);
    done();
  });
}
