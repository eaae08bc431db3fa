import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** Pages that a browser shows; everything else is data. */
const PAGES = /^\/(docs|graphiql)(\/|\?|$)/;

/**
 * Data is not guessed to be of another type, runs nothing where a browser opens it (an SVG may hold scripts), is shown in no frame, embedded by no other site,
 * and kept by no cache that does not ask first. A door that knows better says so. https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html
 */
export const OF_DATA = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'private, no-cache',
} as const;

/** A page asks for nothing that a browser would have to ask its user for. */
const PERMISSIONS = 'camera=(), geolocation=(), microphone=(), payment=(), usb=()';

/** A year; of this host alone, as nothing is known of its neighbours. */
const HSTS = { 'strict-transport-security': 'max-age=31536000' } as const;

/** Pages bring their own scripts and styles, and load no other host's. `/graphiql` has a policy of its own. */
const POLICY = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  workerSrc: ["'self'", 'blob:'],
  frameAncestors: ["'none'"],
  upgradeInsecureRequests: null,
};

/** Helmet's headers on pages, a few on data. Where clients are known to come by https, they are told to stay there. */
export async function registerSecurityHeaders(fastify: FastifyInstance, publicUrl: string | undefined): Promise<void> {
  const https = publicUrl?.startsWith('https://') === true ? HSTS : {};
  const ofData = { ...OF_DATA, ...https };
  const ofPages = { 'permissions-policy': PERMISSIONS, ...https };
  const options = {
    contentSecurityPolicy: { directives: POLICY },
    frameguard: { action: 'deny' },
    strictTransportSecurity: false,
  } as const;
  await fastify.register(helmet as never, { global: false });
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!PAGES.test(request.url)) {
      void reply.headers(ofData);
      return done();
    }
    void reply.headers(ofPages);
    Promise.resolve(reply.helmet(options as never)).then(() => done(), done);
  });
}
