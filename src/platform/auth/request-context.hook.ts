import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SluiceError } from '../../domain/errors.js';
import { plainText } from '../../schema/parts.js';
import type { Scope } from '../../domain/scope.js';
import type { RequestContext } from '../context.js';
import { traceIdOf } from '../http/trace.js';
import type { Authenticator } from './authenticator.js';

/** What needs no token: health, the API's description, the pages that show it, and public keys. */
const OPEN = /^\/(livez|readyz|openapi\.json|docs(\/.*)?|graphiql(\/.*)?|\.well-known\/sluice(\/.*)?)$/;

const REASON_MAX = 1000;

/** Gives every request its context: who asks, why, and whether it is for real. Refuses it before any body is read. */
export function registerRequestContext(fastify: FastifyInstance, authenticator: Authenticator): void {
  fastify.decorateRequest('sluice', null as never);
  fastify.addHook('onRequest', async (request) => {
    const traceId = traceIdOf(request.headers['traceparent']);
    request.traceId = traceId;
    const path = request.url.split('?', 1)[0] ?? '';
    if (!OPEN.test(path)) request.sluice = await contextOf(request, traceId, authenticator);
  });
}

async function contextOf(
  request: FastifyRequest,
  traceId: string,
  authenticator: Authenticator,
): Promise<RequestContext> {
  const now = new Date();
  const token = await authenticator.authenticate(request.headers.authorization, now);
  return {
    actor: token.name,
    scopes: new Set(token.scopes as Scope[]),
    boundTo: token.environment,
    traceId,
    now,
    reason: readReason(request.headers['sluice-reason']),
    dryRun: (request.query as Record<string, unknown>)['dryRun'] === 'true',
    idempotencyKey: request.method === 'POST' ? readIdempotencyKey(request.headers['idempotency-key']) : undefined,
  };
}

/** Header bytes are read as latin1; people write UTF-8. */
function readReason(header: string | string[] | undefined): string | undefined {
  if (header === undefined || header === '') return undefined;
  const reason = Buffer.from(String(header), 'latin1').toString('utf8');
  if (reason.length <= REASON_MAX && plainText(reason) === undefined) return reason;
  throw new SluiceError('malformed', `Sluice-Reason is plain text of at most ${REASON_MAX} characters`);
}

function readIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw new SluiceError('malformed', 'Idempotency-Key is 1 to 255 printable ASCII characters without spaces');
}
