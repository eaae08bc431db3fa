import { connect, type Socket } from 'node:net';

/** Many clients that are no good: they stop halfway, say nothing, or do not read. */
export interface SlowOrder {
  readonly kind: 'attach' | 'readers';
  readonly port: number;
  readonly count: number;
  /** What each sends of its request, in turn; an empty one says nothing at all. */
  readonly texts: readonly string[];
}

/** How it stands: `open` of them are connected, and so long after its last byte each that was closed was. */
export interface SlowState {
  readonly open: number;
  readonly closedAfterMs: readonly number[];
}

/** Connected at a time: the server's queue of new connections is short. */
const AT_ONCE = 100;
/** Of the loopback network: each address has some 28,000 ports of its own. */
const SOURCES = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'];

const sockets = new Set<Socket>();
const closedAfterMs: number[] = [];
let attaching = false;
let made = 0;

process.on('message', (order: SlowOrder | 'state' | 'let go') => {
  if (order === 'state') process.send?.({ open: sockets.size, closedAfterMs } satisfies SlowState);
  else if (order === 'let go') letGo();
  else void keep(order);
});

/** Opens so many and, where they are closed, others in their place, until it is told to let go. */
async function keep(order: SlowOrder): Promise<void> {
  attaching = true;
  while (attaching) {
    const missing = order.count - sockets.size;
    if (missing > 0) await Promise.all(Array.from({ length: Math.min(AT_ONCE, missing) }, () => open(order)));
    else await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function open({ kind, port, texts }: SlowOrder): Promise<void> {
  const text = texts[made % texts.length] ?? '';
  const localAddress = SOURCES[made++ % SOURCES.length] ?? SOURCES[0]!;
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    let sentAt = 0;
    socket.on('connect', () => {
      if (kind === 'readers') socket.pause();
      else socket.resume();
      if (text !== '') socket.write(text);
      sentAt = performance.now();
      sockets.add(socket);
      resolve();
    });
    socket.on('error', () => resolve());
    socket.on('close', () => {
      if (sockets.delete(socket) && attaching && !isWhole(text)) closedAfterMs.push(performance.now() - sentAt);
      resolve();
    });
  });
}

/** Who has asked and been answered stays connected: that one is not closed for being slow. */
function isWhole(text: string): boolean {
  return text.startsWith('GET ') && text.endsWith('\r\n\r\n');
}

function letGo(): void {
  attaching = false;
  for (const socket of sockets) socket.destroy();
  sockets.clear();
}
