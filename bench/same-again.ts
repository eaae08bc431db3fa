import { connect, type Socket } from 'node:net';

/**
 * Asks one thing again and again, on several connections, and costs next to nothing itself: bytes are counted, and only heads looked at, as the
 * answers are all alike. A process of its own: `node same-again.js <port> <connections> <seconds>` with the request on its input; prints how many
 * were answered, a second. Ends with an error where an answer is not what the first one was.
 */
const [port = 0, connections = 1, seconds = 1] = process.argv.slice(2).map(Number);
const HEAD_END = '\r\n\r\n';

let answered = 0;

/** Where the answer begins that comes now, and how many bytes of it are still to come. */
class Asking {
  private head: Buffer = Buffer.alloc(0);
  private status = '';
  private left = 0;

  constructor(
    private readonly socket: Socket,
    private readonly request: Buffer,
  ) {
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.write(request);
  }

  private take(chunk: Buffer): void {
    if (this.left > 0) this.left -= chunk.length;
    else this.begin(Buffer.concat([this.head, chunk]));
    if (this.left > 0 || this.head.length > 0) return;
    if (this.left < 0) throw new Error('an answer is longer than it says');
    answered++;
    this.socket.write(this.request);
  }

  private begin(bytes: Buffer): void {
    const end = bytes.indexOf(HEAD_END);
    this.head = end < 0 ? bytes : Buffer.alloc(0);
    if (end < 0) return;
    const head = bytes.toString('latin1', 0, end);
    const status = head.slice(0, 12);
    if (this.status !== '' && status !== this.status) throw new Error(`${status} after ${this.status}`);
    this.status = status;
    const body = status.endsWith('304') ? 0 : Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    this.left = end + HEAD_END.length + body - bytes.length;
  }
}

const request = Buffer.concat(await process.stdin.toArray());
const sockets = Array.from({ length: connections }, () => connect({ port, host: '127.0.0.1', noDelay: true }));
for (const socket of sockets) socket.once('connect', () => new Asking(socket, request));
const started = performance.now();
setTimeout(() => {
  for (const socket of sockets) socket.destroy();
  process.stdout.write(JSON.stringify({ answered, seconds: (performance.now() - started) / 1000 }));
}, seconds * 1000);
