import pg from 'pg';
import { type DatabaseHost, type DatabasePlaces, databasePlaces } from './database-url.js';

const ANSWER_MS = 2_000;
export const TAKES_NONE = 'takes no writes';

/** Which of the servers of a database takes writes: as long as nothing speaks against it, the one that did last. */
export class PrimaryFinder {
  private known: DatabaseHost | undefined;
  private asking: Promise<DatabaseHost> | undefined;

  constructor(readonly places: DatabasePlaces) {}

  /** All who ask at once share one look. Refuses where no server takes writes, with what each said. */
  async find(): Promise<DatabaseHost> {
    if (this.places.choice === 'the-one') return this.places.hosts[0];
    if (this.known !== undefined) return this.known;
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  /** A connection there was lost, or takes no writes any more: the next who asks looks again. */
  forget(host: DatabaseHost): void {
    if (this.known === host) this.known = undefined;
  }

  private async ask(): Promise<DatabaseHost> {
    const { hosts } = this.places;
    try {
      this.known = await Promise.any(hosts.map(holdWritable));
      return this.known;
    } catch (error) {
      throw noPrimary(hosts, (error as AggregateError).errors as Error[]);
    }
  }
}

const finders = new Map<string, PrimaryFinder>();

/** One for all connections of a thread to the same database. */
export function primaryFinder(url: string): PrimaryFinder {
  const known = finders.get(url);
  if (known !== undefined) return known;
  const finder = new PrimaryFinder(databasePlaces(url));
  finders.set(url, finder);
  return finder;
}

/** What a server says of itself: a standby, and one that was told so, takes no writes. */
export async function isWritable(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ transaction_read_only: string }>('SHOW transaction_read_only');
  return rows[0]?.transaction_read_only === 'off';
}

async function holdWritable(host: DatabaseHost): Promise<DatabaseHost> {
  const client = new pg.Client({ connectionString: host.url, connectionTimeoutMillis: ANSWER_MS });
  client.on('error', () => undefined); // the query in flight says it too
  const late = setTimeout(() => void client.end().catch(() => undefined), ANSWER_MS);
  try {
    await client.connect();
    if (await isWritable(client)) return host;
    throw new Error(TAKES_NONE);
  } finally {
    clearTimeout(late);
    void client.end().catch(() => undefined);
  }
}

/** cannot_connect_now: there are servers, and none has taken over yet. */
const NOT_YET = '57P03';

/** What each of the servers said, with the code of one that did not answer, where there is one: it is the one that is missing. */
export function noPrimary(hosts: readonly DatabaseHost[], errors: readonly Error[]): Error {
  const said = hosts.map(({ host, port }, at) => `${host}:${port} ${errors[at]?.message ?? 'did not answer'}`);
  const code = errors.map((error) => (error as { code?: string }).code).find((found) => found !== undefined) ?? NOT_YET;
  return Object.assign(new Error(`no server of the database takes writes: ${said.join('; ')}`), { code });
}
