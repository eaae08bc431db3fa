import { connect } from 'node:net';
import type { Reply } from './client.js';

const PATIENCE_MS = 20_000;

/** Sends bytes as they are over a connection of their own, and reads one reply: what no client would send. Refuses where none comes. */
export function sendBytes(url: string, bytes: string | Buffer): Promise<Reply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    let milliseconds = NaN;
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`no reply within ${PATIENCE_MS} ms`)));
    socket.on('data', (chunk) => {
      if (chunks.push(chunk) === 1) milliseconds = performance.now() - began;
      const reply = replyOf(Buffer.concat(chunks), milliseconds);
      if (reply === undefined) return;
      socket.destroy();
      resolve(reply);
    });
    // Who hangs up while we still send resets the connection: what it said before counts.
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the connection was closed without a whole reply')));
    socket.write(bytes);
  });
}

/** The reply, once it is whole. */
function replyOf(bytes: Buffer, milliseconds: number): Reply | undefined {
  const text = bytes.toString();
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const body = text.slice(end + 4);
  if (Buffer.byteLength(body) < Number(headers['content-length'] ?? 0)) return undefined;
  return { status: Number(first.split(' ')[1]), headers, body, milliseconds };
}
