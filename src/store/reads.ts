import { SluiceError } from '../domain/errors.js';
import type { Database, Db } from './database.js';
import { FreshReads } from './fresh-reads.js';
import { type Found, lookup, type LookupKind } from './lookups.js';
import type { Key } from './model-store.js';
import { related, type RelationName } from './relations.js';

/** Where a read is answered: by the server that takes writes, or by a standby that has replayed what is demanded. */
export type ReadFrom = 'primary' | 'replica';

/** One server to read from. */
export class Reads {
  constructor(private readonly database: Database) {}

  /** Outside any transaction. */
  get db(): Db {
    return this.database.prisma;
  }

  /** One row of the model by its name, on the shortest way. */
  lookup(kind: LookupKind, key: Key): Promise<Found | undefined> {
    return lookup(this.database, kind, key);
  }

  /** Rows of the model that stand in a relation to any of the keys, in one round trip. */
  related(relation: RelationName, keys: readonly string[]): Promise<unknown[]> {
    return related(this.database, relation, keys);
  }

  /** The last revision of the model that this server knows. */
  async revision(): Promise<number> {
    const { rows } = await this.database.pool.query<{ revision: string }>({
      name: 'revision',
      text: 'SELECT revision FROM model_state',
    });
    return Number(rows[0]?.revision ?? 0);
  }
}

/** How long a standby may take to say what it has replayed, and to answer, before the primary is asked. */
const ASKED_WITHIN_MS = 1000;
const ANSWERED_WITHIN_MS = 5000;

/** For how long a standby that failed is left alone. */
const LEFT_ALONE_MS = 5000;

/** A standby of the primary, which may be behind it, or away. */
class Replica {
  readonly reads: Reads;
  /** What it is known to have replayed: it goes forward only. */
  private replayed = -1;
  private leftAloneUntil = 0;

  constructor({ pool }: Database, reads: Reads) {
    this.reads = reads;
    // Where it is connected to anew, it may be another, that has replayed less.
    pool.on('connect', () => (this.replayed = -1));
  }

  /** Whether it has replayed the revision; not, where it cannot be asked. */
  async has(revision: number): Promise<boolean> {
    if (performance.now() < this.leftAloneUntil) return false;
    if (this.replayed >= revision) return true;
    try {
      this.replayed = await within(ASKED_WITHIN_MS, this.reads.revision());
    } catch {
      this.fail();
    }
    return this.replayed >= revision;
  }

  fail(): void {
    this.replayed = -1;
    this.leftAloneUntil = performance.now() + LEFT_ALONE_MS;
  }
}

/** The primary, and a standby for those reads that say how new an answer must be. */
export class ReadSources {
  readonly primary: Reads;
  private readonly replica: Replica | undefined;
  private readonly lastReads = new FreshReads<number>();
  /** The last revision that the primary gave. Where it went back, after a failover that lost writes, nothing is found to be last until it has caught up. */
  private newest = 0;

  constructor(primary: Database, replica?: Database) {
    this.primary = new Reads(primary);
    this.replica = replica && new Replica(replica, new Reads(replica));
  }

  /** Where a read is answered that demands a revision. Refuses (precondition-failed) one that does not exist yet, naming the last one. */
  async sourceOf(revision: number): Promise<ReadFrom> {
    if (this.replica !== undefined && (await this.replica.has(revision))) return 'replica';
    const last = await this.primary.revision();
    if (last >= revision) return 'primary';
    const detail = `revision ${revision} does not exist yet: the last one is ${last}`;
    throw new SluiceError('precondition-failed', detail, [
      { pointer: '#', code: 'min-revision', detail, value: revision },
    ]);
  }

  /**
   * Was nothing of the model written since this revision? Asked of the primary after the question, with one statement for all who ask at once; not where it
   * gave a later one already.
   */
  isLast(revision: number): boolean | Promise<boolean> {
    if (revision < this.newest) return false;
    return this.lastReads.read('', () => this.primary.revision()).then((last) => (this.newest = last) === revision);
  }

  /** The last revision that is known where a read is answered. */
  revision(from: ReadFrom): Promise<number> {
    return this.read(from, (reads) => reads.revision());
  }

  /** Reads where it was decided. Where the standby fails (it is away, or takes back what it is reading for the sake of replay), the primary answers. */
  async read<R>(from: ReadFrom, work: (reads: Reads) => Promise<R>): Promise<R> {
    if (from === 'primary' || this.replica === undefined) return work(this.primary);
    try {
      return await within(ANSWERED_WITHIN_MS, work(this.replica.reads));
    } catch (error) {
      if (error instanceof SluiceError) throw error;
      this.replica.fail();
      return work(this.primary);
    }
  }
}

async function within<R>(ms: number, work: Promise<R>): Promise<R> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
