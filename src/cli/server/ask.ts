import { SluiceError } from '../../domain/errors.js';
import type { Io } from '../command.js';
import { refusalOf } from './refusal.js';

/** A server, and as whom it is asked. */
export interface Connection {
  /** Scheme, host and port, no more. */
  readonly url: string;
  readonly token: string | undefined;
  /** For one try, in milliseconds. */
  readonly timeout: number;
  readonly io: Pick<Io, 'wait'>;
}

export interface Request {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Statuses beside 200 to 299 that are an answer. */
  readonly answers?: readonly number[];
  /** In bytes: more is refused. */
  readonly max?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

const MAX = 64 * 1024 * 1024;
/** What a server, or what stands in front of it, says while it is away for a moment. */
const AWAY = [502, 503, 504];
/** Before the second, third and last try. */
const WAITS = [500, 1_000, 2_000];
const WAIT_MAX = 10_000;

/**
 * Asks a server. Reads are tried again where it is away for a moment; writes are not, as they may have been done. Redirects are not followed:
 * the token is for this server alone. Refuses (unavailable) a server that is away, and with its own words what it refuses.
 * @example await ask(connection, { path: '/v1/environments/dev/bundles/latest' })
 */
export async function ask(connection: Connection, request: Request): Promise<Answer> {
  for (const wait of request.method === 'POST' ? [undefined] : [...WAITS, undefined]) {
    const answer = await attempt(connection, request);
    const away = answer instanceof SluiceError ? answer.code === 'unavailable' : AWAY.includes(answer.status);
    if (away && wait !== undefined) await connection.io.wait(waitOf(answer, wait));
    else if (answer instanceof SluiceError) throw answer;
    else return accepted(connection, request, answer);
  }
  throw new Error('the last try is always answered');
}

/** As JSON. Refuses (malformed) what is none. */
export async function askJson<T>(connection: Connection, request: Request): Promise<T> {
  const headers = { accept: 'application/json', ...request.headers };
  const { bytes } = await ask(connection, { ...request, headers });
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch (error) {
    const what = `${connection.url}${request.path} answers with what is no JSON: is it a Sluice server?`;
    throw new SluiceError('malformed', what, [], { cause: error });
  }
}

function accepted({ url }: Connection, { path, answers = [] }: Request, answer: Answer): Answer {
  const { status, headers } = answer;
  if ((status >= 200 && status < 300) || answers.includes(status)) return answer;
  if (status < 300 || status >= 400) throw refusalOf(answer, `${url}${path}`);
  const to = headers.get('location') ?? 'nowhere';
  throw new SluiceError('malformed', `${url} redirects to ${to}, which is not followed: name that server instead`);
}

async function attempt(connection: Connection, request: Request): Promise<Answer | SluiceError> {
  const { url, token, timeout } = connection;
  const { path, method = 'GET', headers, body, max = MAX } = request;
  try {
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, bytes: await readAll(response, max) };
  } catch (error) {
    if (error instanceof SluiceError) return error;
    return new SluiceError('unavailable', `${url} does not answer: ${reasonOf(error, timeout)}`, [], { cause: error });
  }
}

async function readAll(response: Response, max: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += (chunk as Uint8Array).length;
    if (length > max) throw new SluiceError('payload-too-large', `${response.url} answers with more than ${max} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}

/** As long as the server asks for, within reason; otherwise about as long as this, not all clients at once. */
function waitOf(answer: Answer | SluiceError, wait: number): number {
  const asked = answer instanceof SluiceError ? null : answer.headers.get('retry-after');
  if (asked !== null && /^\d{1,5}$/.test(asked)) return Math.min(Number(asked) * 1_000, WAIT_MAX);
  return Math.round(wait * (0.5 + Math.random()));
}

/** What fetch says is "fetch failed"; why stands behind it. */
function reasonOf(error: unknown, timeout: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `nothing came within ${timeout / 1_000} s`;
  const cause = (error as { cause?: unknown }).cause ?? error;
  return (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.message : String(cause));
}
