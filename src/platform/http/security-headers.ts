import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** Pages that a browser shows; everything else is data, and its headers are few. */
const PAGES = /^\/(docs|graphiql)(\/|\?|$)/;

/** Helmet's headers on pages, which bring their own scripts and styles and load no other host's; nosniff on all. */
export async function registerSecurityHeaders(fastify: FastifyInstance): Promise<void> {
  const own = ["'self'", "'unsafe-inline'"];
  const directives = {
    defaultSrc: ["'self'"],
    scriptSrc: own,
    styleSrc: own,
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'", 'data:'],
    workerSrc: ["'self'", 'blob:'],
    upgradeInsecureRequests: null,
  };
  await fastify.register(helmet as never, { global: false });
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!PAGES.test(request.url)) {
      void reply.header('x-content-type-options', 'nosniff');
      return done();
    }
    const options = { contentSecurityPolicy: { directives }, strictTransportSecurity: false } as const;
    Promise.resolve(reply.helmet(options as never)).then(() => done(), done);
  });
}
