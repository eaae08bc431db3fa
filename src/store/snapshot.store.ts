import type { Snapshot } from '../domain/model/snapshot.js';
import type { Db } from './database.js';
import { assembleSnapshot } from './snapshot.rows.js';
import { SNAPSHOT_SQL } from './snapshot.sql.js';

/**
 * The one big read: all that one environment says, in a single statement and so at a single revision, whatever is written meanwhile.
 */
export class SnapshotStore {
  /** Gives nothing where the environment does not exist. Inside a transaction it sees that transaction's writes. */
  async load(db: Db, environment: string): Promise<Snapshot | undefined> {
    const text = await this.read(db, environment);
    return text === undefined ? undefined : assembleSnapshot(text);
  }

  /** As load, as the JSON that `assembleSnapshot` reads: for those who hand it to a worker thread. */
  async read(db: Db, environment: string): Promise<string | undefined> {
    const rows = await db.$queryRawUnsafe<{ snapshot: string | null }[]>(SNAPSHOT_SQL, environment);
    return rows[0]?.snapshot ?? undefined;
  }

  /** The revision that a snapshot would have now (while it stands, a snapshot that was loaded is still right), and whether the model has so many flows. */
  async now(db: Db, least: number): Promise<ModelNow> {
    const rows = await db.$queryRaw<{ revision: bigint; count: bigint }[]>`
      SELECT revision, (SELECT count(*) FROM (SELECT FROM flow LIMIT ${least}) AS first) AS count FROM model_state`;
    return { revision: Number(rows[0]?.revision ?? 0), hasFlows: Number(rows[0]?.count ?? 0) >= least };
  }
}

export interface ModelNow {
  readonly revision: number;
  readonly hasFlows: boolean;
}
