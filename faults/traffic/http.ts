import { createHash } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, request as ask } from 'node:http';

/** What was asked. */
export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly timeoutMs?: number;
}

/** A whole reply; or none, or one that says of itself that it does not know (5xx): then nobody knows what came of the request. */
export type Reply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly etag: string;
      /** `from-memory`: it says of itself that it may be old (Sluice-Stale), as the database does not answer. */
      readonly age: 'current' | 'from-memory';
      /** The version that the bytes are of (Sluice-Version), where they are of one. */
      readonly version: number;
      readonly body: Buffer;
    }
  | { readonly kind: 'unknown'; readonly why: string };

const TIMEOUT_MS = 15_000;

/** A client of one address, over connections that it keeps, or with a new one for each request. */
export class HttpClient {
  private readonly agent: Agent;

  constructor(
    private readonly port: number,
    private readonly token: string,
    connections: 'kept' | 'new' = 'kept',
  ) {
    this.agent = new Agent({ keepAlive: connections === 'kept', maxSockets: 200 });
  }

  send({ method, path, headers, body, timeoutMs = TIMEOUT_MS }: Asked): Promise<Reply> {
    return new Promise((resolve) => {
      const sent = body === undefined ? undefined : JSON.stringify(body);
      const unknown = (why: string): void => resolve({ kind: 'unknown', why });
      const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
      const request = ask({
        ...{ host: '127.0.0.1', port: this.port, method, path, agent: this.agent },
        headers: {
          authorization: `Bearer ${this.token}`,
          ...(sent && { 'content-type': type, 'content-length': Buffer.byteLength(sent) }),
          ...headers,
        },
      });
      const late = setTimeout(() => request.destroy(new Error(`no reply within ${timeoutMs} ms`)), timeoutMs);
      request.on('close', () => clearTimeout(late));
      request.on('error', (error) => unknown(error.message));
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (error) => unknown(error.message));
        response.on('close', () => {
          const status = response.statusCode ?? 0;
          if (!response.complete) unknown('the reply was cut');
          else if (status >= 500) unknown(`status ${status}`);
          else resolve({ kind: 'answer', status, ...aboutOf(response.headers), body: Buffer.concat(chunks) });
        });
      });
      request.end(sent);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/** What its headers say of a reply. */
function aboutOf(headers: IncomingHttpHeaders): Pick<Reply & { kind: 'answer' }, 'etag' | 'age' | 'version'> {
  const { etag = '', 'sluice-stale': stale, 'sluice-version': version } = headers;
  return { etag, age: stale === undefined ? 'current' : 'from-memory', version: Number(version) };
}

export function jsonOf(body: Buffer): Record<string, unknown> {
  return JSON.parse(body.toString()) as Record<string, unknown>;
}

/** As versions name their content. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
