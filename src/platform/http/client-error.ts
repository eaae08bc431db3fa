import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { SluiceError } from '../../domain/errors.js';
import { problemDetails, STATUS } from './problem.js';
import { isRegistryPath, registryErrorBody } from './registry-error.js';
import { OF_DATA } from './security-headers.js';
import { traceOf } from '../../seeing/trace.js';

/** What Node says of bytes that are no request. */
interface ClientError {
  readonly code: string;
  /** A Buffer, whatever Fastify's types say: what was read last, which where little was sent is everything. */
  readonly rawPacket?: unknown;
}

/**
 * Answers what is no request in the form of every other refusal, and hangs up: nothing behind it can be told apart. Where the first line can be
 * seen, it says which form that is. https://nodejs.org/api/http.html#event-clienterror
 */
export function answerClientError(error: ClientError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) socket.write(answerTo(error));
  socket.destroy();
}

function answerTo(error: ClientError): string {
  const refused = refusalOf(error.code);
  const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : STATUS[refused.code];
  const title = STATUS_CODES[status] ?? '';
  const [type, body] = isRegistryPath(pathOf(error.rawPacket))
    ? ['application/json', registryErrorBody(refused)]
    : ['application/problem+json', { ...problemDetails(refused, traceOf({}).id), status, title }];
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    `content-type: ${type}`,
    `content-length: ${Buffer.byteLength(text)}`,
    ...Object.entries({ ...OF_DATA, 'cache-control': 'no-store', connection: 'close' }).map((pair) => pair.join(': ')),
  ];
  return `${head.join('\r\n')}\r\n\r\n${text}`;
}

function pathOf(packet: unknown): string {
  const begin = Buffer.isBuffer(packet) ? packet.toString('latin1', 0, 1024) : '';
  return /^[A-Z]+ (\S+)/.exec(begin)?.[1] ?? '';
}

function refusalOf(code: string): SluiceError {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new SluiceError('headers-too-large', 'the headers are larger than this takes (16 KiB with the first line)');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new SluiceError('malformed', 'the request did not come to its end');
  return new SluiceError('malformed', 'this is not a request of HTTP/1.1');
}
