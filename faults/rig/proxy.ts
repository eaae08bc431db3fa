import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A connection from a client, and the one behind it. */
interface Link {
  readonly client: Socket;
  readonly server: Socket;
  /** Bytes of it were swallowed: it cannot be made whole again. */
  broken: boolean;
}

/** Stands between two processes and passes bytes on: whole, late, or not at all. */
export class Proxy {
  /** How long every byte takes, in each direction. */
  delayMs = 0;
  private silent = false;
  private readonly links = new Set<Link>();

  private constructor(
    private readonly listener: Server,
    private readonly target: () => number | undefined,
  ) {
    listener.on('connection', (client) => this.link(client));
  }

  /** Takes where a connection goes to when it is made: a port of this machine, or nothing, which ends it at once. */
  static async open(target: () => number | undefined): Promise<Proxy> {
    const listener = createServer({ allowHalfOpen: false });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new Proxy(listener, target);
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  /** Ends every connection, in both directions. */
  cut(): void {
    for (const { client, server } of this.links) for (const socket of [client, server]) socket.destroy();
  }

  /** From here on nothing passes, and neither side is told: as where a cable is pulled. */
  fallSilent(): void {
    this.silent = true;
  }

  /** What lost nothing goes on; what lost something ends. */
  heal(): void {
    this.silent = false;
    this.delayMs = 0;
    for (const { client, server, broken } of this.links)
      if (broken) for (const socket of [client, server]) socket.destroy();
  }

  /** How many connections go to a port. */
  linksTo(port: number): number {
    return [...this.links].filter(({ server }) => server.remotePort === port).length;
  }

  async close(): Promise<void> {
    this.listener.close();
    this.cut();
    await once(this.listener, 'close');
  }

  private link(client: Socket): void {
    const port = this.target();
    if (port === undefined) return void client.destroy();
    const link: Link = { client, server: connect(port, '127.0.0.1'), broken: false };
    this.links.add(link);
    this.pass(link, client, link.server);
    this.pass(link, link.server, client);
  }

  private pass(link: Link, from: Socket, to: Socket): void {
    let late: Promise<unknown> | undefined;
    const write = (chunk: Buffer): void => void (to.destroyed || to.write(chunk));
    from.setNoDelay(true);
    from.on('error', () => undefined); // its end is told
    from.on('data', (chunk: Buffer) => {
      if (this.silent) link.broken = true;
      else if (this.delayMs === 0 && late === undefined) write(chunk);
      else {
        const passed = Promise.all([late, wait(this.delayMs)]).then(() => {
          write(chunk);
          if (late === passed) late = undefined;
        });
        late = passed;
      }
    });
    from.on('close', () => {
      if (this.silent) link.broken = true;
      else void Promise.resolve(late).then(() => to.destroySoon());
      if (from.destroyed && to.destroyed) this.links.delete(link);
    });
  }
}
