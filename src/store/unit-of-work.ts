import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { SpanKind } from '@opentelemetry/api';
import { SluiceError } from '../domain/errors.js';
import { inSpan } from '../seeing/span.js';
import { type Database, type Db, json } from './database.js';
import type { Found, LookupKind } from './lookups.js';
import type { Key } from './model-store.js';
import { type ReadFrom, type Reads, ReadSources } from './reads.js';
import type { RelationName } from './relations.js';
import { type Sql, sqlIn } from './sql.js';
import { Turns } from './turns.js';

/** Who writes, and how: what a unit of work takes from the request. */
export interface Writer {
  readonly actor: string;
  readonly reason: string | undefined;
  readonly dryRun: boolean;
  readonly idempotencyKey: string | undefined;
}

/** One row of the change log, less what the unit of work knows itself. */
export interface ChangeOf {
  readonly resource: string;
  readonly name: string;
  readonly before?: object | undefined;
  readonly after?: object | undefined;
}

/** The revision that a write makes, and the time that the log gives it (the database's clock: one for all processes). */
export interface Stamp {
  readonly revision: bigint;
  readonly at: Date;
}

/** Writes that would wait for one lock, and go on at a time in this process: one begins while another commits. */
const ABREAST = 2;

/** Carries a result out of a transaction that must not be kept. */
class RolledBack extends Error {
  constructor(readonly result: unknown) {
    super('rolled back on purpose');
  }
}

/**
 * One transaction around a use case. Writes of the model are put in one order by the row of `model_state`, which is locked first:
 * whatever a rule reads after that cannot change before the commit, and the revision has no gaps.
 */
export class UnitOfWork {
  private readonly turns = new Turns(ABREAST);
  /** Of requests under way in this process. */
  private readonly keys = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly sources = new ReadSources(database),
  ) {}

  /** For reading, outside any transaction. */
  get reader(): Db {
    return this.database.prisma;
  }

  /** Where the database is, for worker threads: they have connections of their own. */
  get url(): string {
    return this.database.options.url;
  }

  /** One row of the model by its name, on the shortest way. */
  lookup(kind: LookupKind, key: Key): Promise<Found | undefined> {
    return this.sources.primary.lookup(kind, key);
  }

  /** Was nothing of the model written since this revision? See ReadSources. */
  isLast(revision: number): boolean | Promise<boolean> {
    return this.sources.isLast(revision);
  }

  /** Rows of the model that stand in a relation to any of the keys, in one round trip. */
  related(relation: RelationName, keys: readonly string[]): Promise<unknown[]> {
    return this.sources.primary.related(relation, keys);
  }

  /** Reads where the request may be answered: see ReadSources. */
  read<R>(from: ReadFrom, work: (reads: Reads) => Promise<R>): Promise<R> {
    return this.sources.read(from, work);
  }

  /** Reads, or gives what this key had before, where the database does not answer. Only for what is published: see LastKnown. */
  readOrLast<T>(key: string, read: () => Promise<T>): Promise<T> {
    return this.database.lastKnown.read(key, read);
  }

  /** Plain SQL: in a transaction, or outside any. */
  sql(db: Db): Sql {
    return db === this.reader ? this.database.sql : sqlIn(db);
  }

  /**
   * Runs `work` under the model's lock. It gives its result and the change to log; without a change nothing is kept, and no revision is made.
   * Retries when PostgreSQL asks for it; replays the stored result of an Idempotency-Key.
   */
  writeModel<R>(
    writer: Writer,
    what: unknown,
    work: (db: Db, stamp: Stamp) => Promise<{ result: R; change?: ChangeOf | undefined }>,
  ): Promise<R> {
    return this.writeInTurn('the model', writer, what, async (db) => {
      const stamp = await nextRevision(db);
      const { result, change } = await work(db, stamp);
      if (change === undefined || isDeepStrictEqual(change.before, change.after)) throw new RolledBack(result);
      await logChange(db, writer, stamp, change);
      return result;
    });
  }

  /** As write, after those of this process that write the same: `lock` names what they would wait for in the database. */
  async writeInTurn<R>(lock: string, writer: Writer, what: unknown, work: (db: Db) => Promise<R>): Promise<R> {
    return this.guarded(writer, () => this.turns.take(lock, () => this.write(writer, what, work)));
  }

  /** Whoever comes with the key of a request that waits for its turn is told now: it has no lock in the database yet. */
  private async guarded<R>({ actor, idempotencyKey }: Writer, work: () => Promise<R>): Promise<R> {
    if (idempotencyKey === undefined) return work();
    const id = `${actor}\n${idempotencyKey}`;
    if (this.keys.has(id)) throw inFlight(idempotencyKey);
    this.keys.add(id);
    try {
      return await work();
    } finally {
      this.keys.delete(id);
    }
  }

  /** Runs `work` in one transaction, with the writer's Idempotency-Key and dry run. `what` is the request, for the key's fingerprint. */
  write<R>(writer: Writer, what: unknown, work: (db: Db) => Promise<R>): Promise<R> {
    return inSpan('transaction', TRANSACTION, () => this.inTransaction(writer, what, work));
  }

  private async inTransaction<R>(writer: Writer, what: unknown, work: (db: Db) => Promise<R>): Promise<R> {
    try {
      return await this.retrying(() =>
        this.database.prisma.$transaction(async (db) => {
          const result = await this.once(db, writer, what, () => work(db));
          if (writer.dryRun) throw new RolledBack(result);
          return result;
        }),
      );
    } catch (error) {
      if (error instanceof RolledBack) return error.result as R;
      throw error;
    }
  }

  /** The key is stored in the same transaction as what it guards, so a reply that was lost is found again, and never done twice. */
  private async once<R>(db: Db, writer: Writer, what: unknown, work: () => Promise<R>): Promise<R> {
    if (writer.idempotencyKey === undefined) return work();
    const id = { actor: writer.actor, key: writer.idempotencyKey };
    const fingerprint = createHash('sha256').update(JSON.stringify(what)).digest('hex');
    await lockKey(db, id);
    const stored = await db.idempotencyKey.findUnique({ where: { actor_key: id } });
    if (stored) {
      if (stored.fingerprint === fingerprint) return stored.outcome as R;
      throw new SluiceError(
        'idempotency-mismatch',
        `Idempotency-Key ${JSON.stringify(id.key)} was used for another request`,
      );
    }
    const result = await work();
    await storeKey(db, id, fingerprint, result);
    await dropOldKeys(db);
    return result;
  }

  private async retrying<R>(attempt: () => Promise<R>): Promise<R> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        if (tries >= 4 || !isWriteConflict(error)) throw error;
      }
    }
  }
}

/** The conventions' name for this: https://opentelemetry.io/docs/specs/semconv/database/ */
const TRANSACTION = { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql' } };

async function nextRevision(db: Db): Promise<Stamp> {
  const rows = await db.$queryRaw<
    Stamp[]
  >`UPDATE model_state SET revision = revision + 1 RETURNING revision, clock_timestamp() AS at`;
  return rows[0]!;
}

async function logChange(db: Db, writer: Writer, stamp: Stamp, change: ChangeOf): Promise<void> {
  await db.change.create({
    data: {
      revision: stamp.revision,
      at: stamp.at,
      actor: writer.actor,
      reason: writer.reason ?? null,
      resource: change.resource,
      name: change.name,
      action: change.before === undefined ? 'create' : change.after === undefined ? 'delete' : 'update',
      before: json(change.before),
      after: json(change.after),
    },
  });
}

/** Held to the end of the transaction; a second request with the same key does not wait, but is told. */
async function lockKey(db: Db, id: { actor: string; key: string }): Promise<void> {
  const text = `${id.actor}\n${id.key}`;
  const rows = await db.$queryRaw<
    { locked: boolean }[]
  >`SELECT pg_try_advisory_xact_lock(hashtextextended(${text}, 72707370)) AS locked`;
  if (rows[0]?.locked !== true) throw inFlight(id.key);
}

function inFlight(key: string): SluiceError {
  return new SluiceError(
    'idempotency-in-flight',
    `the first request with Idempotency-Key ${JSON.stringify(key)} has not ended yet`,
  );
}

/** With the time of the database, as it is by that time that keys grow old: a process whose clock is wrong would lose its own at once. */
async function storeKey(
  db: Db,
  { actor, key }: { actor: string; key: string },
  fingerprint: string,
  outcome: unknown,
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO idempotency_key (actor, key, fingerprint, at, outcome)
    VALUES (${actor}, ${key}, ${fingerprint}, now(), ${JSON.stringify(outcome) ?? null}::json)`;
}

/**
 * Who stores a key takes away some that nobody retries any more, so that there are never many. At most a hundred: a write stays short
 * also where keys have piled up. Those that another transaction takes away at this moment are skipped, so no write waits for another's.
 */
async function dropOldKeys(db: Db): Promise<void> {
  await db.$executeRaw`
    DELETE FROM idempotency_key WHERE (actor, key) IN (
      SELECT actor, key FROM idempotency_key WHERE at < now() - interval '48 hours' ORDER BY at LIMIT 100 FOR UPDATE SKIP LOCKED
    )`;
}

/**
 * A conflict arrives as P2034, or as an adapter error without a code. A key that is taken (P2002) or missing (P2003) is one too: someone
 * else was faster between the check and the write, and the check of the next try says so in words.
 */
function isWriteConflict(error: unknown): boolean {
  const { code, cause, message, meta } = error as {
    code?: string;
    cause?: { kind?: string };
    message?: string;
    meta?: { driverAdapterError?: { cause?: { originalCode?: string } } };
  };
  return (
    code === 'P2034' ||
    code === 'P2002' ||
    code === 'P2003' ||
    meta?.driverAdapterError?.cause?.originalCode === '23503' || // P2003 of plain SQL
    cause?.kind === 'TransactionWriteConflict' ||
    (typeof message === 'string' && message.includes('TransactionWriteConflict'))
  );
}
