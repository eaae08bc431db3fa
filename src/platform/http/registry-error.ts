import type { FastifyReply } from 'fastify';
import type { ErrorCode, SluiceError } from '../../domain/errors.js';
import { STATUS } from './problem.js';

/** Under this path everything is as the OCI distribution specification has it, errors too. */
export function isRegistryPath(url: string): boolean {
  return /^\/v2(\/|\?|$)/.test(url);
}

/** What the specification calls an error that does not say so itself. */
const CODES: Partial<Record<ErrorCode, string>> = {
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'DENIED',
  'too-many-requests': 'TOOMANYREQUESTS',
  'method-not-allowed': 'UNSUPPORTED',
  'not-found': 'NAME_UNKNOWN',
};
const OTHER = 'UNKNOWN';

/**
 * An error in the form that registry clients read. The challenge is Basic: a token is a password there, whatever the name beside it. The
 * token flow needs an address to send clients to, so it is named first where that is known.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
 */
export function sendRegistryError(reply: FastifyReply, error: SluiceError, publicUrl: string | undefined): void {
  const status = STATUS[error.code];
  if (status === 401) void reply.header('www-authenticate', challenges(publicUrl));
  if (status === 405) void reply.header('allow', 'GET, HEAD');
  if (status === 503) void reply.header('retry-after', '1');
  void reply
    .status(status)
    .headers({ 'content-type': 'application/json', 'cache-control': 'no-store' })
    .send(Buffer.from(JSON.stringify(registryErrorBody(error))));
}

export function registryErrorBody(error: SluiceError): object {
  const code = error.problems[0]?.code ?? CODES[error.code] ?? OTHER;
  return { errors: [{ code, message: error.message, detail: {} }] };
}

function challenges(publicUrl: string | undefined): string[] {
  const basic = 'Basic realm="sluice", charset="UTF-8"';
  return publicUrl === undefined ? [basic] : [`Bearer realm="${publicUrl}/v2/token",service="sluice"`, basic];
}
