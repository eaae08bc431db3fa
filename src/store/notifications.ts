import pg from 'pg';
import { PrimaryClient } from './primary.client.js';
import { endWhereSilent } from './silence.js';

/** So often the other side is asked for a sign of life, on a connection that is given up when it says nothing for twice as long. */
const BEAT_MS = 5_000;

/**
 * What other processes say through PostgreSQL's NOTIFY. One connection of its own, opened again when it breaks.
 * While it is away `connected` is false, and whoever trusts in being told must ask the database instead.
 */
export class Notifications {
  connected = false;
  /** How often it was connected: the first time, and after each break. */
  connections = 0;
  private readonly handlers = new Map<string, ((payload: string) => void)[]>();
  private client: pg.Client | undefined;
  private closed = false;
  private retry: NodeJS.Timeout | undefined;
  private beat: NodeJS.Timeout | undefined;

  constructor(
    private readonly url: string,
    private readonly onError: (error: Error) => void,
  ) {}

  /** Register before `open`. An empty payload means: something may have been missed. */
  on(channel: string, handler: (payload: string) => void): void {
    this.handlers.set(channel, [...(this.handlers.get(channel) ?? []), handler]);
  }

  async open(): Promise<void> {
    if (this.closed) return;
    const client = new PrimaryClient({
      connectionString: this.url,
      keepAlive: true,
      application_name: 'sluice-listen',
      connectionTimeoutMillis: 5000,
    });
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client, undefined));
    client.on('notification', (message) => this.tell(message.channel, message.payload ?? ''));
    this.client = client;
    try {
      await client.connect();
      endWhereSilent(client, 2 * BEAT_MS);
      for (const channel of this.handlers.keys()) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      return this.lost(client, error as Error);
    }
    this.connected = true;
    this.connections++;
    this.beat = setInterval(() => void client.query('SELECT').catch(() => undefined), BEAT_MS).unref();
    for (const channel of this.handlers.keys()) this.tell(channel, '');
  }

  async close(): Promise<void> {
    this.closed = true;
    this.connected = false;
    clearTimeout(this.retry);
    clearInterval(this.beat);
    await this.client?.end().catch(() => undefined);
  }

  /** Asks on this connection, which no request holds up. Rejects where there is none. */
  async ask<Row extends pg.QueryResultRow>(statement: string): Promise<Row[]> {
    if (!this.connected || this.client === undefined) throw new Error('the connection for notifications is away');
    return (await this.client.query<Row>(statement)).rows;
  }

  private tell(channel: string, payload: string): void {
    for (const handler of this.handlers.get(channel) ?? []) handler(payload);
  }

  private lost(client: pg.Client, error: Error | undefined): void {
    if (this.client !== client || this.closed) return;
    this.client = undefined;
    this.connected = false;
    clearInterval(this.beat);
    if (error) this.onError(error);
    void client.end().catch(() => undefined);
    this.retry = setTimeout(() => void this.open(), 500);
    this.retry.unref();
  }
}
