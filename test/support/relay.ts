import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP relay to a database: what lies between the service and it, and can fail. */
export interface Relay {
  /** The URL of the database, by way of the relay. */
  readonly url: string;
  /** Cuts all connections, and refuses new ones. */
  cut(): Promise<void>;
  /** Connections stay open and new ones are taken, but nothing passes: neither side is told. */
  freeze(): void;
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** Takes the URL of a database; everything passes until told otherwise. */
export async function startRelay(target: string): Promise<Relay> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let frozen = false;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    const pass = (from: Socket, to: Socket) => from.on('data', (chunk) => frozen || to.write(chunk));
    pass(near, far);
    pass(far, near);
    for (const socket of pair) socket.on('error', () => undefined).on('close', () => drop(pair));
  });
  const drop = (pair: readonly [Socket, Socket]) => {
    pairs.delete(pair);
    for (const socket of pair) socket.destroy();
  };
  const listen = async (at: number) => once(server.listen(at, '127.0.0.1'), 'listening');
  await listen(0);
  const address = server.address() as { port: number };
  const url = new URL(target);
  url.host = `127.0.0.1:${address.port}`;
  const cut = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const pair of pairs) drop(pair);
    await closed;
  };
  return {
    url: url.href,
    cut,
    freeze: () => void (frozen = true),
    restore: async () => {
      frozen = false;
      if (!server.listening) await listen(address.port);
    },
    close: cut,
  };
}
