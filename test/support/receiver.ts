import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Received } from './webhook-verifier.js';

/** A real HTTP server that keeps what it is sent. */
export interface Receiver {
  readonly url: string;
  readonly port: number;
  /** In the order of their arrival, each as soon as its body is there. */
  readonly received: (Received & { readonly path: string; readonly method: string })[];
  /** What it answers from now on. */
  answer: (response: ServerResponse, request: IncomingMessage) => void;
  /** Waits until there are so many. */
  until(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Answers 204 until it is told otherwise. */
export async function startReceiver(host = '127.0.0.1'): Promise<Receiver> {
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    request.on('end', () => {
      const { headers, url: path = '', method = '' } = request;
      receiver.received.push({ headers, path, method, body: Buffer.concat(chunks).toString('utf8') });
      for (const look of waiting) look();
      receiver.answer(response, request);
    });
  }).listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (receiver.received.length < count) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  const receiver: Receiver = {
    ...{ url: `http://${host}:${port}/hook`, port, received: [], until, close },
    answer: (response) => response.writeHead(204).end(),
  };
  return receiver;
}
