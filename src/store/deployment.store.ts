import { compact } from './compact.js';
import type { Sql } from './sql.js';

/** What one cluster runs of an environment, and what it said last. */
export interface Deployment {
  readonly environment: string;
  readonly cluster: string;
  readonly running: { readonly version: number; readonly digest: string; readonly since: string } | null;
  /** How many versions behind the latest; null where nothing was applied yet. */
  readonly behind: number | null;
  readonly lastReport: Report & { readonly at: string };
}

interface Report {
  readonly version: number;
  readonly digest?: string;
  readonly result: string;
  readonly message?: string;
  /** The token that it came with. */
  readonly by: string;
}

export interface NewReport {
  readonly environment: string;
  readonly cluster: string;
  readonly version: number;
  readonly digest: string | undefined;
  readonly result: string;
  readonly message: string | undefined;
  readonly by: string;
}

/** What there is of the environment that a report is about. */
export interface Reported {
  readonly latest: number | undefined;
  /** Of the version: of its YAML first, then of each form in which it is served, and of its image. */
  readonly digests: readonly string[] | undefined;
  /** How many other clusters there are, where this one is not known; undefined where it is. */
  readonly others: number | undefined;
}

/** One page of the clusters of one environment, by name. */
export interface DeploymentPage {
  readonly environment: string;
  readonly result: string | undefined;
  /** true: those that do not run the latest version; false: those that do. */
  readonly behind: boolean | undefined;
  readonly after: string | undefined;
  readonly take: number;
}

interface Row {
  readonly environment: string;
  readonly cluster: string;
  readonly runningVersion: number | null;
  readonly runningDigest: string | null;
  readonly runningSince: Date | null;
  readonly latest: number;
  readonly version: number;
  readonly digest: string | null;
  readonly result: string;
  readonly message: string | null;
  readonly by: string;
  readonly at: Date;
}

const COLUMNS = `d.environment, d.cluster, d.running_version AS "runningVersion", d.running_since AS "runningSince",
  (SELECT digest FROM bundle WHERE environment = d.environment AND version = d.running_version) AS "runningDigest",
  d.reported_version AS version, d.reported_digest AS digest, d.result, d.message, d.reported_by AS by, d.reported_at AS at`;

const LATEST = `SELECT max(version) FROM bundle WHERE environment`;

const DROPPED_AT_ONCE = 100;

/** Deployments: one row a cluster and environment. Those that were not heard of for some days are as if they were not there. */
export class DeploymentStore {
  private readonly age: string;

  constructor(days: number) {
    this.age = `interval '${days * 24} hours'`;
  }

  /** Undefined: no such environment. */
  async facts(sql: Sql, environment: string, cluster: string, version: number): Promise<Reported | undefined> {
    const rows = await sql<{ latest: number | null; digests: string[] | null; others: number | null }>(
      `SELECT (${LATEST} = e.name) AS latest,
              (SELECT ARRAY[digest, yaml_gzip_digest, json_digest, tar_digest]::text[]
                  || ARRAY(SELECT digest::text FROM registry_entry WHERE environment = e.name AND version = $3::bigint AND position = 0)
                FROM bundle WHERE environment = e.name AND version = $3::bigint) AS digests,
              (${this.others('e.name', '$2')}) AS others
       FROM environment e WHERE e.name = $1`,
      [environment, cluster, version],
    );
    const [row] = rows;
    return (
      row && { latest: row.latest ?? undefined, digests: row.digests ?? undefined, others: row.others ?? undefined }
    );
  }

  /** As facts has it; to the end of the transaction whoever else asks of the environment waits here, so that together they are not too many. */
  async othersLocked(sql: Sql, environment: string, cluster: string): Promise<number | undefined> {
    await sql(`SELECT true AS held FROM pg_advisory_xact_lock(hashtextextended($1, 68657079))`, [environment]);
    const rows = await sql<{ others: number }>(this.others('$1', '$2'), [environment, cluster]);
    return rows[0]?.others;
  }

  /**
   * What a report makes of what there was, in one statement: of two at once, the second is made of what the first left. The time is
   * that of the database, and never goes back.
   */
  async report(sql: Sql, report: NewReport): Promise<Deployment> {
    const { environment, cluster, version, digest, result, message, by } = report;
    const applied = `excluded.result = 'applied'`;
    const at = 'greatest(d.reported_at, excluded.reported_at)';
    const rows = await sql<Row>(
      `WITH reported AS (
         INSERT INTO deployment AS d (environment, cluster, running_version, running_since,
             reported_version, reported_digest, result, message, reported_by, reported_at)
         SELECT r.*, clock.at FROM (SELECT clock_timestamp()::timestamptz(3) AS at) AS clock CROSS JOIN LATERAL (SELECT $1::text, $2::text,
             CASE WHEN $5::text = 'applied' THEN $3::int END, CASE WHEN $5::text = 'applied' THEN clock.at END,
             $3::int, $4::text, $5::text, $6::text, $7::text) AS r
         ON CONFLICT (environment, cluster) DO UPDATE SET
           running_version = CASE WHEN ${applied} THEN excluded.running_version WHEN ${this.isLive('d')} THEN d.running_version END,
           running_since = CASE
             WHEN ${this.isLive('d')} AND (NOT ${applied} OR d.running_version = excluded.running_version) THEN d.running_since
             WHEN ${applied} THEN ${at} END,
           reported_version = excluded.reported_version, reported_digest = excluded.reported_digest, result = excluded.result,
           message = excluded.message, reported_by = excluded.reported_by, reported_at = ${at}
         RETURNING *
       )
       SELECT ${COLUMNS}, (${LATEST} = d.environment) AS latest FROM reported d`,
      [environment, cluster, version, digest ?? null, result, message ?? null, by],
    );
    return toDeployment(rows[0]!);
  }

  async get(sql: Sql, environment: string, cluster: string): Promise<Deployment | undefined> {
    const rows = await sql<Row>(
      `SELECT ${COLUMNS}, (${LATEST} = d.environment) AS latest FROM deployment d
       WHERE d.environment = $1 AND d.cluster = $2 AND ${this.isLive('d')}`,
      [environment, cluster],
    );
    return rows[0] && toDeployment(rows[0]);
  }

  /** Any number of pages in one round trip, in their order. */
  async pages(sql: Sql, pages: readonly DeploymentPage[]): Promise<Deployment[][]> {
    const rows = await sql<Row & { readonly page: number }>(
      `SELECT p.page, latest.version AS latest, found.*
       FROM jsonb_to_recordset($1::jsonb) AS p (page int, environment text, result text, behind boolean, "after" text, take int)
       CROSS JOIN LATERAL (${LATEST} = p.environment) AS latest (version)
       CROSS JOIN LATERAL (
         SELECT ${COLUMNS} FROM deployment d
         WHERE d.environment = p.environment AND d.cluster > coalesce(p."after", '') AND ${this.isLive('d')}
           AND (p.result IS NULL OR d.result = p.result)
           AND (p.behind IS NULL OR p.behind = (d.running_version IS DISTINCT FROM latest.version))
         ORDER BY d.cluster LIMIT p.take
       ) AS found
       ORDER BY p.page, found.cluster`,
      [JSON.stringify(pages.map((asked, page) => ({ ...asked, page })))],
    );
    const found: Deployment[][] = pages.map(() => []);
    for (const row of rows) found[row.page]?.push(toDeployment(row));
    return found;
  }

  /** False: there is no such cluster. */
  async forget(sql: Sql, environment: string, cluster: string): Promise<boolean> {
    const rows = await sql(
      `DELETE FROM deployment d WHERE d.environment = $1 AND d.cluster = $2 AND ${this.isLive('d')} RETURNING d.cluster`,
      [environment, cluster],
    );
    return rows.length > 0;
  }

  /**
   * Who reports takes away some of those that are gone, of any environment, so that they do not pile up. It must be the last thing of the
   * transaction: it waits for nobody, so whoever waits for the rows that it took is not waited for.
   */
  async dropOld(sql: Sql): Promise<void> {
    await sql(
      `DELETE FROM deployment WHERE (environment, cluster) IN (
         SELECT environment, cluster FROM deployment d WHERE NOT ${this.isLive('d')}
         ORDER BY reported_at LIMIT ${DROPPED_AT_ONCE} FOR UPDATE SKIP LOCKED
       )`,
      [],
    );
  }

  private isLive(row: string): string {
    return `(${row}.reported_at > now() - ${this.age})`;
  }

  /** No row where the cluster is known, for whom nothing is counted either: nearly all reports are of such. */
  private others(environment: string, cluster: string): string {
    const known = `SELECT FROM deployment k WHERE k.environment = ${environment} AND k.cluster = ${cluster} AND ${this.isLive('k')}`;
    return `SELECT count(*)::int AS others FROM deployment d
      WHERE NOT EXISTS (${known}) AND d.environment = ${environment} AND ${this.isLive('d')} HAVING NOT EXISTS (${known})`;
  }
}

function toDeployment(row: Row): Deployment {
  const { environment, cluster, runningVersion: version, version: reported, result, by, at, latest } = row;
  const { digest, message } = row;
  return {
    ...{ environment, cluster },
    running: version === null ? null : { version, digest: row.runningDigest!, since: row.runningSince!.toISOString() },
    behind: version === null ? null : latest - version,
    lastReport: { version: reported, result, ...compact({ digest, message }), at: at.toISOString(), by },
  };
}
