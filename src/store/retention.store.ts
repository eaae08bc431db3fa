import { SluiceError } from '../domain/errors.js';
import type { DatedVersion } from '../domain/retention.js';
import type { Sql } from './sql.js';

/** Every column that names a blob. What stands in none of them goes: a test holds this list against the foreign keys of the database. */
export const REFERRERS_OF_BLOBS = [
  ['bundle', 'yaml_gzip_digest'],
  ['bundle', 'tar_digest'],
  ['bundle', 'snapshot_digest'],
  ['registry_entry', 'digest'],
] as const;

/** Every column that names a version and keeps it: a tag's, and those of what clusters run and reported. A test holds this list, too. */
export const REFERRERS_OF_VERSIONS = [
  ['tag', 'version'],
  ['deployment', 'running_version'],
  ['deployment', 'reported_version'],
] as const;

/** What nothing referred to, and is gone. */
export interface Swept {
  readonly blobs: number;
  readonly fragments: number;
  /** As they were stored. */
  readonly bytes: number;
}

/** Who removes, and why. */
export interface Remover {
  readonly actor: string;
  readonly reason: string | undefined;
}

const REFERRED = REFERRERS_OF_BLOBS.map(([table, column]) => `SELECT ${column} AS digest FROM ${table}`).join(
  ' UNION ALL ',
);

const HELD = REFERRERS_OF_VERSIONS.map(
  ([table, column]) =>
    `EXISTS (SELECT 1 FROM ${table} r WHERE r.environment = b.environment AND r.${column} = b.version)`,
).join(' OR ');
const LOCKED = [...new Set(REFERRERS_OF_VERSIONS.map(([table]) => table)), 'blob'].join(', ');

/** How long to wait for others. */
const WAIT_MS = 10_000;

/** Takes away what is no longer wanted. All of it within one transaction that began with `begin`. */
export class RetentionStore {
  /**
   * From here to the end of the transaction nobody else stores a blob, refers to one, or names a version; whoever had begun has ended. So what
   * nothing refers to now, nothing will. Reading goes on. What waits too long for that gives up, before all publishes wait behind it.
   */
  async begin(sql: Sql, waitMs = WAIT_MS): Promise<void> {
    await sql(`SELECT set_config('sluice.retention', 'on', true), set_config('lock_timeout', $1::text, true)`, [
      String(waitMs),
    ]);
    await sql(`LOCK TABLE ${LOCKED} IN EXCLUSIVE MODE`, []).catch(refuseBusy);
  }

  /** By environment, the newest first. */
  async versions(sql: Sql, environment: string | undefined): Promise<DatedVersion[]> {
    const rows = await sql<{ environment: string; version: string; at: string; held: string }>(
      `SELECT b.environment::text, b.version::text, floor(extract(epoch FROM b.at) * 1000)::text AS at, (${HELD})::text AS held
       FROM bundle b WHERE $1::text IS NULL OR b.environment = $1::text ORDER BY b.environment COLLATE "C", b.version DESC`,
      [environment ?? null],
    );
    return rows.map((row) => ({
      environment: row.environment,
      version: Number(row.version),
      publishedAt: new Date(Number(row.at)),
      referrers: row.held === 'true' ? 'some' : 'none',
    }));
  }

  /** That they were there, and who removed them when and why, stays. */
  async remove(sql: Sql, versions: readonly DatedVersion[], { actor, reason }: Remover): Promise<void> {
    if (versions.length === 0) return;
    await sql(
      `WITH gone AS (
         DELETE FROM bundle b USING unnest($1::text[], $2::int[]) AS going (environment, version)
         WHERE b.environment = going.environment AND b.version = going.version
         RETURNING b.environment, b.version, b.digest, b.revision, b.at)
       INSERT INTO removed_bundle (environment, version, digest, revision, published_at, removed_at, removed_by, reason)
       SELECT environment, version, digest, revision, at, clock_timestamp(), $3::text, $4::text FROM gone`,
      [versions.map(({ environment }) => environment), versions.map(({ version }) => version), actor, reason ?? null],
    );
  }

  /** Blobs that nothing names, then fragments that no blob names. */
  async sweep(sql: Sql): Promise<Swept> {
    const [blobs, whole] = await counted(
      sql,
      `DELETE FROM blob WHERE NOT EXISTS (SELECT 1 FROM (${REFERRED}) AS referred WHERE referred.digest = blob.digest)
       RETURNING coalesce(octet_length(bytes), 0) AS size`,
    );
    const [fragments, pieces] = await counted(
      sql,
      `DELETE FROM fragment WHERE NOT EXISTS (
         SELECT 1 FROM (SELECT DISTINCT unnest(fragments) AS id FROM blob) AS named WHERE named.id = fragment.id)
       RETURNING octet_length(deflated) AS size`,
    );
    return { blobs, fragments, bytes: whole + pieces };
  }

  /** Tells every process at the commit, as they keep versions in memory. */
  async tell(sql: Sql): Promise<void> {
    await sql(`NOTIFY ${BUNDLES_CHANNEL}`, []);
  }
}

/** The channel on which processes tell each other that versions were removed. */
export const BUNDLES_CHANNEL = 'sluice_bundles';

/** PostgreSQL's lock_not_available; Prisma has the code in the text. */
function refuseBusy(error: unknown): never {
  if (!(error instanceof Error && error.message.includes('55P03'))) throw error;
  const detail =
    'a publish, a tag or a report that is under way did not end in time, so nothing was removed: try again';
  throw new SluiceError('unavailable', detail, [], { cause: error });
}

/** How many rows a statement deletes, and the sum of the sizes that it returns. */
async function counted(sql: Sql, statement: string): Promise<[count: number, size: number]> {
  const rows = await sql<{ count: string; size: string }>(
    `WITH gone AS (${statement}) SELECT count(*)::text AS count, coalesce(sum(size), 0)::text AS size FROM gone`,
    [],
  );
  return [Number(rows[0]?.count), Number(rows[0]?.size)];
}
