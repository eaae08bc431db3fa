import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, ask } from './wire.js';

/** What a server could do wrong: takes what the true one answered, gives what is sent. */
export type Mistake = (answer: Answer, asked: IncomingMessage) => Answer;

/** A server in front of the true one that makes one mistake at a time, and remembers what it was asked. */
export interface MutatingProxy {
  readonly url: string;
  /** Method and path of each request since the last `make`. */
  readonly asked: readonly string[];
  /** From now on; without one it passes everything on as it is. */
  make(mistake?: Mistake): void;
  close(): Promise<void>;
}

/** Headers that are about one connection. */
const HOP = /^(connection|keep-alive|transfer-encoding|date)$/;
const HONEST: Mistake = (answer) => answer;

export async function startMutatingProxy(target: string): Promise<MutatingProxy> {
  let mistake = HONEST;
  const asked: string[] = [];
  const server = createServer(async (request, reply) => {
    const { method = 'GET', url = '/', headers } = request;
    asked.push(`${method} ${url}`);
    const body = Buffer.concat(await request.toArray());
    const { status, headers: told, bytes } = mistake(await ask(target, url, { method, headers, body }), request);
    for (const [name, value] of Object.entries(told))
      if (value !== undefined && !HOP.test(name)) reply.setHeader(name, value);
    reply.writeHead(status);
    reply.end(bytes);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    make(next = HONEST) {
      mistake = next;
      asked.length = 0;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A mistake in what a path answers, and in nothing else. */
export function at(path: RegExp, mistake: Mistake): Mistake {
  return (answer, asked) => (path.test(asked.url ?? '') ? mistake(answer, asked) : answer);
}

/** As if a header were not there. */
export function without(name: string): Mistake {
  return (answer) => ({ ...answer, headers: { ...answer.headers, [name]: undefined } });
}

/** As if a header had another value. */
export function having(name: string, value: string): Mistake {
  return (answer) => ({ ...answer, headers: { ...answer.headers, [name]: value } });
}

/** One bit of the last byte, the length as it was. */
export const tampered: Mistake = (answer) => {
  const bytes = Buffer.from(answer.bytes);
  if (bytes.length > 0) bytes[bytes.length - 1]! ^= 1;
  return { ...answer, bytes };
};
