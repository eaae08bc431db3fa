import type { Snapshot } from '../domain/model/snapshot.js';
import type { Db } from './database.js';
import { assembleSnapshot } from './snapshot.rows.js';

/**
 * The one big read: all that one environment says, in a single statement and so at a single revision, whatever is written meanwhile.
 * On plain SQL because a statement with a dozen aggregates is not what an object mapper is for.
 */
export class SnapshotStore {
  /** Gives nothing where the environment does not exist. Inside a transaction it sees that transaction's writes. */
  async load(db: Db, environment: string): Promise<Snapshot | undefined> {
    const text = await this.read(db, environment);
    return text === undefined ? undefined : assembleSnapshot(text);
  }

  /** As load, as the JSON that `assembleSnapshot` reads: for those who hand it to a worker thread. */
  async read(db: Db, environment: string): Promise<string | undefined> {
    const rows = await db.$queryRaw<{ snapshot: string | null }[]>`SELECT ${environment}::text AS name, (
      SELECT json_build_object(
        'revision', (SELECT revision FROM model_state),
        'environment', row_to_json(e),
        'teams', (SELECT coalesce(json_agg(t ORDER BY name), '[]') FROM team t),
        'applications', (SELECT coalesce(json_agg(a ORDER BY name), '[]') FROM application a),
        'tiers', (SELECT coalesce(json_agg(t ORDER BY application, name), '[]') FROM tier t),
        'tierPorts', (SELECT coalesce(json_agg(p ORDER BY application, tier, position), '[]') FROM tier_port p),
        'peers', (SELECT coalesce(json_agg(p ORDER BY name), '[]') FROM peer p),
        'peerBlocks', (SELECT coalesce(json_agg(json_build_object('peer', b.peer, 'cidr', b.cidr, 'except', b."except", 'environments',
            (SELECT json_agg(be.environment ORDER BY be.environment) FROM peer_block_environment be WHERE be.peer = b.peer AND be.position = b.position)
          ) ORDER BY b.peer, b.position), '[]') FROM peer_block b),
        'placements', (SELECT coalesce(json_agg(p ORDER BY application), '[]') FROM placement p WHERE p.environment = e.name),
        'placementTiers', (SELECT coalesce(json_agg(p ORDER BY application, tier), '[]') FROM placement_tier p WHERE p.environment = e.name),
        'placementPorts', (SELECT coalesce(json_agg(p ORDER BY application, tier, position), '[]') FROM placement_port p WHERE p.environment = e.name),
        'flows', (SELECT coalesce(json_agg(f ORDER BY name), '[]') FROM flow f WHERE f.everywhere OR EXISTS (
            SELECT FROM flow_environment fe WHERE fe.flow = f.name AND fe.environment = e.name)),
        'flowPorts', (SELECT coalesce(json_agg(p ORDER BY flow, position), '[]') FROM flow_port p),
        'flowEnvironments', (SELECT coalesce(json_agg(fe ORDER BY flow, environment), '[]') FROM flow_environment fe)
      ) FROM environment e WHERE e.name = ${environment})::text AS snapshot`;
    return rows[0]?.snapshot ?? undefined;
  }

  /** Whether the model has at least so many flows; counts no further. */
  async hasFlows(db: Db, least: number): Promise<boolean> {
    const rows = await db.$queryRaw<
      { count: bigint }[]
    >`SELECT count(*) FROM (SELECT FROM flow LIMIT ${least}) AS first`;
    return Number(rows[0]?.count ?? 0) >= least;
  }

  /** The revision that a snapshot would have now: while it stands, a snapshot that was loaded is still right. */
  async revision(db: Db): Promise<number> {
    const rows = await db.$queryRaw<{ revision: bigint }[]>`SELECT revision FROM model_state`;
    return Number(rows[0]?.revision ?? 0);
  }
}
