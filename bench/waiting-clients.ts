import { connect, type Socket } from 'node:net';

/** Many clients in a process of their own, each with one keep-alive connection on which it waits. */
export interface WaitOrder {
  readonly clients: number;
  readonly port: number;
  /** All lines of the request but the last, empty one. */
  readonly request: readonly string[];
}

/** Epoch milliseconds: when the answers had come, all of each. `statuses` counts them by status. */
export interface Told {
  readonly last: number;
  readonly statuses: Readonly<Record<string, number>>;
}

/** Connected at a time: the server's queue of new connections is short. */
const AT_ONCE = 50;

const sockets: Socket[] = [];

process.on('message', (order: WaitOrder) => void run(order));

async function run({ clients, port, request }: WaitOrder): Promise<void> {
  while (sockets.length < clients)
    sockets.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => connected(port)))));
  const answers = Promise.all(sockets.slice(0, clients).map(answer));
  for (const socket of sockets.slice(0, clients)) socket.write(`${request.join('\r\n')}\r\n\r\n`);
  process.send?.('asked');
  const statuses: Record<string, number> = {};
  for (const status of await answers) statuses[status] = (statuses[status] ?? 0) + 1;
  process.send?.({ last: Date.now(), statuses } satisfies Told);
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });
}

/** The status of the next answer, when all of it has come. */
function answer(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const closed = () => reject(new Error(`closed after ${text.length} bytes`));
    const read = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      const length = Number(/content-length: ([0-9]+)/i.exec(text)?.[1] ?? 0);
      if (end < 0 || text.length < end + 4 + length) return;
      socket.off('data', read);
      socket.off('close', closed);
      resolve(text.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
    };
    socket.on('data', read);
    socket.once('close', closed);
  });
}
