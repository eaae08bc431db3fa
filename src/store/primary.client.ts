import type { EventEmitter } from 'node:events';
import pg from 'pg';
import type { DatabaseHost } from './database-url.js';
import { isWritable, noPrimary, type PrimaryFinder, primaryFinder, TAKES_NONE } from './primary.finder.js';

/** read_only_sql_transaction: what a server says to a write after it became a standby. */
const READ_ONLY = '25006';

/** A connection of PostgreSQL's protocol that is told of, beside what its client makes of it. */
interface Told {
  readonly connection: EventEmitter;
}

/**
 * A connection to whichever server of a database takes writes. `pg` knows one host; this one looks for the right one of several each time it
 * connects, and holds nobody to a server that stopped taking writes: `spent` says so to whoever keeps connections.
 */
export class PrimaryClient extends pg.Client {
  /** The server refused a write, or ended the connection: nothing more is to be had of it here. */
  spent = false;
  private readonly finder: PrimaryFinder;
  private server: DatabaseHost | undefined;

  constructor(options: pg.ClientConfig) {
    const finder = primaryFinder(options.connectionString ?? '');
    super({ ...options, connectionString: finder.places.hosts[0].url });
    this.finder = finder;
    for (const event of ['error', 'end'] as const) this.on(event, () => this.turnAway());
    (this as unknown as Told).connection.on('errorMessage', ({ code }: { code?: string }) => {
      if (code === READ_ONLY) this.turnAway();
    });
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<pg.Client> | void {
    const connected = this.connectToPrimary();
    if (callback === undefined) return connected;
    connected.then(() => callback(null as never), callback);
  }

  private async connectToPrimary(): Promise<pg.Client> {
    if (this.finder.places.choice === 'the-one') return super.connect();
    this.server = await this.finder.find();
    Object.assign(this, { host: this.server.host, port: this.server.port });
    try {
      await super.connect();
      if (!(await isWritable(this))) throw noPrimary([this.server], [new Error(TAKES_NONE)]);
      return this;
    } catch (error) {
      this.turnAway();
      void super.end().catch(() => undefined);
      throw error;
    }
  }

  private turnAway(): void {
    this.spent = true;
    if (this.server !== undefined) this.finder.forget(this.server);
  }
}
