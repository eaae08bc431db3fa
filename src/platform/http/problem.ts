import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { ErrorCode, Problem, SluiceError } from '../../domain/errors.js';

/** Every code of the union has its status here, and nowhere else. */
export const STATUS: Record<ErrorCode, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  'already-exists': 409,
  'in-use': 409,
  'version-conflict': 409,
  'not-proved': 409,
  'idempotency-in-flight': 409,
  gone: 410,
  'precondition-failed': 412,
  'payload-too-large': 413,
  'unsupported-media-type': 415,
  invalid: 422,
  'idempotency-mismatch': 422,
  'precondition-required': 428,
  'too-many-requests': 429,
  'headers-too-large': 431,
  internal: 500,
  unavailable: 503,
};

/** RFC 9457. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly errors: readonly Problem[];
  readonly traceId: string;
}

export function problemDetails(error: SluiceError, traceId: string): ProblemDetails {
  const status = STATUS[error.code];
  return {
    type: `urn:sluice:problem:${error.code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: error.message,
    code: error.code,
    errors: error.problems,
    traceId,
  };
}

/** The one way an error leaves by HTTP. */
export function sendProblem(reply: FastifyReply, error: SluiceError, traceId: string): void {
  const status = STATUS[error.code];
  if (status === 401)
    void reply.header('www-authenticate', 'Bearer realm="sluice", Basic realm="sluice", charset="UTF-8"');
  if (status === 503) void reply.header('retry-after', '1');
  const details = problemDetails(error, traceId);
  void reply
    .status(status)
    .header('content-type', 'application/problem+json')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(details));
}
