import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { Target } from '../target.js';

/** A request, as it is to be sent. The token of the target goes with it, unless `authorization` is among the headers. */
export interface Ask {
  readonly method: string;
  /** As it is written: nothing is taken away or encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly milliseconds: number;
}

/** Longer than this nothing may take, nor be waited for: a hang is told from slowness. */
const PATIENCE_MS = 30_000;
const STREAM = /^text\/event-stream/;

/** Sends requests over connections that are kept, one after the other. A stream of events is left once it has begun. */
export class Client {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 16 });
  private readonly address: { hostname: string; port: string };
  private readonly authorization: string;
  /** Requests sent so far. */
  sent = 0;

  constructor({ url, token }: Target) {
    const { hostname, port } = new URL(url);
    this.address = { hostname, port };
    this.authorization = `Bearer ${token}`;
  }

  /** Refuses where no reply comes. */
  send({ method, path, headers, body }: Ask): Promise<Reply> {
    this.sent++;
    const began = performance.now();
    const all = { authorization: this.authorization, ...lengthOf(method, body), ...headers };
    return new Promise((resolve, reject) => {
      const asked = request({ ...this.address, method, path, headers: all, agent: this.agent }, (answer) => {
        const { statusCode: status = 0, headers: had } = answer;
        const done = (text: string) =>
          resolve({ status, headers: had, body: text, milliseconds: performance.now() - began });
        if (!STREAM.test(had['content-type'] ?? '')) return void textOf(answer).then(done, reject);
        answer.destroy();
        done('');
      });
      asked.setTimeout(PATIENCE_MS, () => asked.destroy(new Error(`no reply within ${PATIENCE_MS} ms`)));
      asked.once('error', reject);
      asked.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/** Node would send a body of a GET in chunks. */
function lengthOf(method: string, body: string | Buffer | undefined): Record<string, string> {
  if (body !== undefined) return { 'content-length': String(Buffer.byteLength(body)) };
  return /^(POST|PUT|PATCH)$/.test(method) ? { 'content-length': '0' } : {};
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
