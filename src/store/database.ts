import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { Prisma, PrismaClient } from './generated/client.js';
import { LastKnown } from './last-known.js';
import { PrimaryClient } from './primary.client.js';
import { endWhereSilent } from './silence.js';
import { type Sql, sqlOn } from './sql.js';
import { WatchedPool } from './watched-pool.js';

/** A Prisma client, inside a transaction or not. */
export type Db = Prisma.TransactionClient;

const STATEMENTS_MAX = 300;
/** No statement takes longer; PostgreSQL ends those that do, also where they wait for a lock. */
const STATEMENT_MS = 30_000;
const SILENCE_MS = STATEMENT_MS + 5_000;
const UNNAMED = '';

export interface DatabaseOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly onError: (error: Error) => void;
  /** How long published versions are served from memory while the database does not answer; 0 or not given: not at all. */
  readonly graceMs?: number;
}

/** One pool of connections; Prisma for the objects of the model, `pg` for the one big read and the hot lookups. */
export class Database {
  readonly pool: WatchedPool;
  /** Connections that broke. */
  lost = 0;
  readonly prisma: PrismaClient;
  /** Outside any transaction. */
  readonly sql: Sql;
  /** What it said, for when it does not answer. */
  readonly lastKnown: LastKnown;
  private closing = false;

  constructor(readonly options: DatabaseOptions) {
    this.pool = new WatchedPool({
      Client: PrimaryClient as unknown as new () => pg.ClientBase,
      connectionString: options.url,
      max: options.poolSize,
      connectionTimeoutMillis: 5000,
      statement_timeout: STATEMENT_MS,
      keepAlive: true,
      application_name: 'sluice',
    });
    // Without a listener on every client, one that dies while checked out ends the process.
    this.pool.on('connect', (client) => client.on('error', (error) => this.tellLost(error)));
    this.pool.on('connect', (client) => endWhereSilent(client, SILENCE_MS));
    this.pool.on('error', () => undefined); // the client told it
    // Ended before the pool looks at it: who comes next would be refused too.
    this.pool.on('release', (_error, client) => (client as unknown as PrimaryClient).spent && void endQuietly(client));
    this.sql = sqlOn(this.pool);
    this.lastKnown = new LastKnown({ graceMs: options.graceMs ?? 0 });
    this.prisma = new PrismaClient({
      adapter: new PrismaPg(this.pool, { statementNameGenerator: statementNames() }),
      transactionOptions: { maxWait: 15_000, timeout: 30_000 },
    });
  }

  private tellLost(error: Error): void {
    if (this.closing) return;
    this.lost++;
    this.options.onError(error);
  }

  /** What connections say from here on is no news. */
  async close(): Promise<void> {
    this.closing = true;
    await this.prisma.$disconnect();
    if (!this.pool.ended) await this.pool.end();
  }
}

function endQuietly(client: pg.PoolClient): Promise<void> {
  return (client as unknown as PrimaryClient).end().catch(() => undefined);
}

/**
 * Names for prepared statements, so that PostgreSQL parses each text once a connection. Texts with lists of every length would pile up
 * without end, so after the first few hundred the rest go unnamed.
 */
function statementNames(): (query: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= STATEMENTS_MAX) return UNNAMED;
    const name = `sluice_${names.size}`;
    names.set(sql, name);
    return name;
  };
}

/** What a nullable JSON column takes: the value, or SQL NULL. */
export function json(value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === undefined || value === null ? Prisma.DbNull : (value as Prisma.InputJsonValue);
}
