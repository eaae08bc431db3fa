import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SluiceError } from '../../domain/errors.js';
import { plainText } from '../../schema/parts.js';
import type { RequestContext } from '../context.js';
import { takeMinRevision } from '../http/min-revision.js';
import { isRegistryPath } from '../http/registry-error.js';
import { type Trace, traceOf } from '../../seeing/trace.js';
import type { ReadSources } from '../../store/reads.js';
import type { Authenticator } from './authenticator.js';
import { rightsOf } from './rights.js';

/** What needs no token: health, the API's description, the pages that show it, and public keys. */
const OPEN = /^\/(livez|readyz|openapi\.json|docs(\/.*)?|graphiql(\/.*)?|\.well-known\/sluice(\/.*)?)$/;

/** A POST there means another protocol to clients, which 404 tells them not to try. */
const TOKEN_PATH = '/v2/token';

const REASON_MAX = 1000;

/** Gives every request its context: who asks, why, and whether it is for real. Refuses it before any body is read. */
export function registerRequestContext(
  fastify: FastifyInstance,
  authenticator: Authenticator,
  sources: ReadSources,
): void {
  fastify.decorateRequest('sluice', null as never);
  fastify.decorateRequest('trace', null as never);
  fastify.addHook('onRequest', async (request, reply) => {
    const trace = (request.trace ??= traceOf(request.headers));
    request.traceId = trace.id;
    // Who names a trace is told where in it this was; others find the id in a problem.
    if (request.headers['traceparent'] !== undefined) void reply.header('traceparent', trace.headers.traceparent);
    const path = request.url.split('?', 1)[0] ?? '';
    if (!OPEN.test(path)) request.sluice = await contextOf(request, trace, authenticator, sources);
    if (isRegistryPath(path)) holdReadOnly(request.method, path);
  });
}

/** Before any body is read: a push is refused by its method, not by what it sends. */
function holdReadOnly(method: string, path: string): void {
  if (method === 'GET' || method === 'HEAD') return;
  if (path === TOKEN_PATH) throw new SluiceError('not-found', 'tokens are given by GET');
  throw new SluiceError('method-not-allowed', `this registry is read-only: what is published is pulled, not pushed`);
}

async function contextOf(
  request: FastifyRequest,
  trace: Trace,
  authenticator: Authenticator,
  sources: ReadSources,
): Promise<RequestContext> {
  const now = new Date();
  const token = await authenticator.authenticate(request.headers.authorization, now);
  const minRevision = takeMinRevision(request);
  return {
    actor: token.name,
    ...rightsOf(token),
    ...{ traceId: trace.id, trace },
    now,
    reason: readReason(request.headers['sluice-reason']),
    dryRun: (request.query as Record<string, unknown>)['dryRun'] === 'true',
    idempotencyKey: request.method === 'POST' ? readIdempotencyKey(request.headers['idempotency-key']) : undefined,
    minRevision,
    readFrom: minRevision === undefined ? 'primary' : await sources.sourceOf(minRevision),
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
