import { STATUS_CODES } from 'node:http';
import { type ErrorCode, SluiceError } from '../../domain/errors.js';
import { isAway } from '../../store/away.js';
import { STATUS } from './problem.js';

/** Where Fastify's own words leave open what would be right. */
const CLEARER: { readonly [code in ErrorCode]?: string } = {
  'unsupported-media-type':
    'a body of this media type is not read here: send application/json (a PATCH takes application/merge-patch+json too)',
  'payload-too-large':
    'the body is larger than this takes (1 MiB; for the analysis what SLUICE_ANALYSIS_JSON_MIB and SLUICE_ANALYSIS_YAML_MIB say)',
};

/**
 * What any thrown value means to a client. Fastify's and Nest's own errors keep their status (the text of a 4xx is public);
 * anything unknown is `internal`, and its text stays inside.
 */
export function toSluiceError(thrown: unknown): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const error = thrown as { statusCode?: unknown; status?: unknown; message?: unknown };
  if (isAway(thrown))
    return new SluiceError('unavailable', 'the database does not answer: try again', [], { cause: thrown });
  const status =
    typeof error?.statusCode === 'number' ? error.statusCode : typeof error?.status === 'number' ? error.status : 500;
  const code = codeFor(status);
  if (code === 'internal')
    return new SluiceError('internal', 'something went wrong inside; the trace id finds it in the log', [], {
      cause: thrown,
    });
  const own = typeof error.message === 'string' ? error.message : (STATUS_CODES[status] ?? 'refused');
  return new SluiceError(code, CLEARER[code] ?? own, [], { cause: thrown });
}

const BY_STATUS = new Map<number, ErrorCode>([
  ...(Object.entries(STATUS) as [ErrorCode, number][])
    .filter(
      ([code]) =>
        !['in-use', 'version-conflict', 'not-proved', 'idempotency-in-flight', 'idempotency-mismatch'].includes(code),
    )
    .map(([code, status]): [number, ErrorCode] => [status, code]),
  [414, 'malformed'],
]);

function codeFor(status: number): ErrorCode {
  return BY_STATUS.get(status) ?? (status >= 400 && status < 500 ? 'malformed' : 'internal');
}
