import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

/** An answer as it came over the wire: nothing unpacked, no redirect followed. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** The path as it is written, dots and all: a URL would take them away. Each request has a connection of its own. */
export async function ask(
  url: string,
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: IncomingHttpHeaders; body?: Buffer } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const asked = request({ hostname, port, path, method, headers, agent: false }).end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = await answer.toArray();
  return { status: answer.statusCode ?? 0, headers: answer.headers, bytes: Buffer.concat(chunks) };
}

/** As registry clients and URLs with a user send a token. */
export function basic(token: string, user = 'ci'): string {
  return `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;
}
