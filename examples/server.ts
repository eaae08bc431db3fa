import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fields, isFields } from './estate.js';

export interface Reply {
  readonly status: number;
  readonly etag: string | undefined;
  readonly text: string;
  /** The body where it is JSON. */
  readonly body: Fields;
}

/** Asks the server: gives the reply, or throws what the server said was wrong. `allowed` are statuses that are no error here. */
export type Ask = (
  method: string,
  path: string,
  options?: {
    readonly body?: Fields;
    readonly headers?: Readonly<Record<string, string>>;
    readonly allowed?: readonly number[];
  },
) => Promise<Reply>;

/**
 * A client of the server at SLUICE_URL (default http://127.0.0.1:3000) with the token SLUICE_TOKEN, or else the one that the server
 * wrote to its data folder. Every write says why.
 */
export function connect(reason: string): Ask {
  const base = (process.env['SLUICE_URL'] ?? 'http://127.0.0.1:3000').replace(/\/+$/, '');
  const common = { authorization: `Bearer ${readToken()}`, 'sluice-reason': reason };
  return async (method, path, { body, headers = {}, allowed = [] } = {}) => {
    const content = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(base + path, {
      method,
      headers: { ...common, ...content, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new Error(`no server answers at ${base}: start one with "npm start", or set SLUICE_URL`, { cause });
    });
    const text = await response.text();
    const reply = {
      status: response.status,
      etag: response.headers.get('etag') ?? undefined,
      text,
      body: jsonOf(response, text),
    };
    if (response.ok || allowed.includes(response.status)) return reply;
    throw new Error(`${method} ${path}: ${problemText(reply)}`);
  };
}

function readToken(): string {
  const token = process.env['SLUICE_TOKEN'];
  if (token !== undefined && token !== '') return token;
  const file = join(process.env['SLUICE_DATA_DIR'] ?? '.sluice', 'admin-token');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new Error(
    `no token: set SLUICE_TOKEN, or SLUICE_DATA_DIR to the server's data folder (${file} does not exist)`,
  );
}

function jsonOf(response: Response, text: string): Fields {
  if (!/[/+]json\b/.test(response.headers.get('content-type') ?? '')) return {};
  const body: unknown = text === '' ? {} : JSON.parse(text);
  return isFields(body) ? body : {};
}

/**
 * What problem details (RFC 9457) say, each problem on a line of its own.
 * @example problemText({ status: 422, body: { title: 'Unprocessable Entity', detail: 'tier has 1 problem', errors: [] }, ... })
 */
export function problemText({ status, body, text }: Pick<Reply, 'status' | 'body' | 'text'>): string {
  if (body['title'] === undefined) return `${status} ${text.slice(0, 500)}`.trim();
  const errors = Array.isArray(body['errors']) ? body['errors'].filter(isFields) : [];
  const lines = errors.map(({ pointer, detail }) => `  ${said(pointer)}: ${said(detail)}`);
  return [`${status} ${said(body['title'])}: ${said(body['detail'])}`, ...lines].join('\n');
}

function said(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
