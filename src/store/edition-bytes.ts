import { ContentGone, ContentStore } from './content.store.js';
import { PrimaryClient } from './primary.client.js';
import { SNAPSHOT_SQL } from './snapshot.sql.js';
import { endWhereSilent } from './silence.js';
import { type Sql, sqlOn } from './sql.js';

/** What is read for an estate of any size. */
const SILENCE_MS = 120_000;

/** What editions are made of, as it is stored: the rows of the working model, and bytes by their digest. */
export interface EditionBytes {
  /** What `assembleSnapshot` reads; nothing where the environment does not exist. */
  readonly snapshot: (environment: string) => Promise<string | undefined>;
  readonly blob: (digest: string) => Promise<Uint8Array>;
  /** Where they are stored, outside any transaction. */
  readonly sql: Sql;
}

/**
 * Runs `work` over a connection of its own, which ends with it: for worker threads, so that what is large goes from PostgreSQL to where it
 * is worked on, and never through the event loop of the server.
 */
export async function withEditionBytes<R>(url: string, work: (bytes: EditionBytes) => Promise<R>): Promise<R> {
  const client = new PrimaryClient({
    connectionString: url,
    connectionTimeoutMillis: 5000,
    application_name: 'sluice-work',
  });
  client.on('error', () => undefined); // the statement under way tells it
  await client.connect();
  endWhereSilent(client, SILENCE_MS);
  try {
    return await work(over(sqlOn(client)));
  } finally {
    await client.end();
  }
}

function over(sql: Sql): EditionBytes {
  const contents = new ContentStore();
  return {
    sql,
    snapshot: async (environment) => {
      const rows = await sql<{ snapshot: string | null }>(SNAPSHOT_SQL, [environment]);
      return rows[0]?.snapshot ?? undefined;
    },
    blob: async (digest) => {
      const [blob] = await contents.get(sql, [digest]);
      if (blob === undefined) throw new ContentGone(digest);
      return blob.bytes;
    },
  };
}
