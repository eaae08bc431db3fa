import type { ChangeSummary } from '../domain/diff/change/change.js';
import type { ListedChange } from '../domain/diff/change/listed.js';
import type { Finding } from '../domain/finding.js';
import type { Origin } from '../domain/model/origin.js';
import type { BundleBlobs, BundleHead } from './bundle-blobs.js';
import type { Db } from './database.js';
import { Prisma } from './generated/client.js';
import type { BundleModel } from './generated/models.js';
import { compact } from './compact.js';
import { type Window } from './model-store.js';
import type { Sql } from './sql.js';

export interface BundleCounts {
  readonly namespaces: number;
  readonly objects: number;
  readonly flows: number;
}

/** That the bytes of a version allow exactly what its snapshot declares: how much was compared, of which bytes. */
export interface ProofSummary {
  readonly equal: true;
  /** sha256 of the bytes that were read again. */
  readonly digest: string;
  readonly compared: Readonly<Record<'tiers' | 'flows' | 'objects' | 'probes' | 'ranges' | 'pairs', number>>;
  readonly caveats: readonly Finding[];
}

/** A published version: what there is to say of it, and where its bytes are. It never changes. */
export interface Bundle {
  readonly environment: string;
  readonly version: number;
  /** sha256 of the YAML stream: the identity of the content. */
  readonly digest: string;
  /** Of the model whose flows are declared here: of a promotion its version's, of a rollback that of then. */
  readonly revision: number;
  /** Where its content comes from. */
  readonly origin: Origin;
  readonly counts: BundleCounts;
  readonly findings: readonly Finding[];
  /** What was compared before the publish, and what to keep in mind. */
  readonly proof: ProofSummary;
  /** Against the version before. */
  readonly changes: ListedChange;
  readonly message?: string;
  readonly reason?: string;
  readonly publishedBy: string;
  readonly publishedAt: string;
  readonly blobs: BundleBlobs;
  /** Of its objects as a List. */
  readonly jsonDigest: string;
}

export type NewBundle = Omit<Bundle, 'publishedAt'>;

/** The channel on which a publish tells every process `<environment> <version>`, at its commit. */
export const PUBLISHES_CHANNEL = 'sluice_publishes';

/** That a version was published, and what it changes, in figures. */
export type PublishEvent = Pick<
  Bundle,
  'environment' | 'version' | 'digest' | 'publishedAt' | 'publishedBy' | 'message' | 'reason'
> & { readonly changes: Pick<ChangeSummary, 'connections' | 'newlyIsolatedTiers' | 'noLongerIsolatedTiers'> };

const JSON_COLUMNS = ['counts', 'findings', 'proof', 'changes'] as const;
const BLOB_COLUMNS = {
  ...{ yamlGzipDigest: true, tarDigest: true, snapshotDigest: true },
} as const;

/** That a version was removed by retention: who did it, when and why. */
export interface Removal {
  readonly removedAt: string;
  readonly removedBy: string;
  readonly reason?: string;
}

/** A row of plain SQL, named as the client of Prisma names it. */
const COLUMNS = Prisma.sql`environment AS "environmentName", version, digest, revision, counts, findings, proof, changes, message, reason, actor, at,
  origin, origin_environment AS "originFrom", origin_version AS "originVersion",
  yaml_gzip_digest AS "yamlGzipDigest",
  json_digest AS "jsonDigest", tar_digest AS "tarDigest", snapshot_digest AS "snapshotDigest"`;

export class BundleStore {
  /** Publishes of one environment wait for each other here, until the transaction ends; writes of the model do not. False: no such environment. */
  async lockEnvironment(db: Db, environment: string): Promise<boolean> {
    const rows = await db.$queryRaw<
      unknown[]
    >`SELECT name FROM environment WHERE name = ${environment} FOR NO KEY UPDATE`;
    return rows.length > 0;
  }

  async get(db: Db, environment: string, version: number): Promise<Bundle | undefined> {
    const row = await db.bundle.findUnique({
      where: { environmentName_version: { environmentName: environment, version } },
    });
    return row ? toBundle(row) : undefined;
  }

  /** What is known of a version that is no longer there. */
  async removal(db: Db, environment: string, version: number): Promise<Removal | undefined> {
    const row = await db.removedBundle.findUnique({
      where: { environmentName_version: { environmentName: environment, version } },
    });
    if (row === null) return undefined;
    return { removedAt: row.removedAt.toISOString(), removedBy: row.removedBy, ...compact({ reason: row.reason }) };
  }

  /** The number alone: what it names never changes, and is kept in memory. */
  async latestVersion(sql: Sql, environment: string): Promise<number | undefined> {
    const rows = await sql<{ version: string }>(
      'SELECT version::text FROM bundle WHERE environment = $1::text ORDER BY bundle.version DESC LIMIT 1',
      [environment],
    );
    return rows[0] && Number(rows[0].version);
  }

  /** Of every environment that has one. */
  async latestVersions(sql: Sql): Promise<{ environment: string; version: number }[]> {
    const rows = await sql<{ environment: string; version: string }>(
      `SELECT e.name::text AS environment, latest.version::text FROM environment e
       CROSS JOIN LATERAL (SELECT version FROM bundle WHERE environment = e.name ORDER BY version DESC LIMIT 1) AS latest`,
      [],
    );
    return rows.map(({ environment, version }) => ({ environment, version: Number(version) }));
  }

  /** The versions after one, the oldest first, at most `take`; those that retention removed are not among them. */
  async eventsAfter(sql: Sql, environment: string, after: number, take: number): Promise<PublishEvent[]> {
    const rows = await sql<EventRow>(
      `SELECT version::text, digest::text, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "publishedAt",
         actor::text AS "publishedBy", message::text, reason::text, (changes -> 'summary')::text AS summary
       FROM bundle WHERE environment = $1::text AND version > $2::int ORDER BY bundle.version LIMIT $3::int`,
      [environment, after, take],
    );
    return rows.map((row) => toEvent(environment, row));
  }

  /** Of the latest version what a publish needs: the rest of a row is long where the estate is large. */
  async head(db: Db, environment: string): Promise<BundleHead | undefined> {
    const select = { version: true, digest: true, ...BLOB_COLUMNS } as const;
    const where = { environmentName: environment };
    const row = await db.bundle.findFirst({ where, orderBy: { version: 'desc' }, select });
    return row ? { environment, version: row.version, digest: row.digest, blobs: blobsOf(row) } : undefined;
  }

  /** Newest first; `after` is the version that the page before ended with. */
  async list(db: Db, environment: string, window: Window): Promise<Bundle[]> {
    const after = window.after === undefined ? {} : { version: { lt: Number(window.after) || 0 } };
    const rows = await db.bundle.findMany({
      where: { environmentName: environment, ...after },
      orderBy: { version: 'desc' },
      take: window.take,
    });
    return rows.map(toBundle);
  }

  /** The newest `take` of each environment, newest first. */
  async newestOf(db: Db, environments: readonly string[], take: number): Promise<Bundle[]> {
    const rows = await db.$queryRaw<BundleModel[]>`
      SELECT newest.* FROM unnest(${[...environments]}::text[]) AS e (name)
      CROSS JOIN LATERAL (
        SELECT ${COLUMNS} FROM bundle WHERE environment = e.name ORDER BY version DESC LIMIT ${take}
      ) AS newest`;
    return rows.map(toBundle);
  }

  /** The latest of every environment that has one, by name. */
  async latestEverywhere(db: Db): Promise<Bundle[]> {
    const rows = await db.$queryRaw<BundleModel[]>`
      SELECT latest.* FROM environment e
      CROSS JOIN LATERAL (
        SELECT ${COLUMNS} FROM bundle WHERE environment = e.name ORDER BY version DESC LIMIT 1
      ) AS latest
      ORDER BY e.name`;
    return rows.map(toBundle);
  }

  /**
   * Stores it and, at the commit, tells every process.
   * In plain SQL: an object mapper walks through every value of what it stores, and the change of a large estate has tens of thousands.
   */
  async insert(db: Db, bundle: NewBundle): Promise<Bundle> {
    const { environment, version, digest, revision, message, reason, publishedBy, blobs } = bundle;
    const [counts, findings, proof, changes] = JSON_COLUMNS.map((column) => JSON.stringify(bundle[column]));
    const { kind, environment: from, version: of } = { environment: undefined, version: undefined, ...bundle.origin };
    const rows = await db.$queryRaw<{ at: Date }[]>`
      WITH made AS (
        INSERT INTO bundle (environment, version, digest, revision, origin, origin_environment, origin_version, counts, findings, proof, changes, message, reason, actor, at,
          yaml_gzip_digest, json_digest, tar_digest, snapshot_digest)
        VALUES (${environment}, ${version}, ${digest}, ${revision}, ${kind}, ${from ?? null}, ${of ?? null}, ${counts}::json, ${findings}::json, ${proof}::json, ${changes}::json,
          ${message ?? null}, ${reason ?? null}, ${publishedBy}, clock_timestamp(),
          ${blobs.yamlGzip}, ${bundle.jsonDigest}, ${blobs.tar}, ${blobs.snapshot})
        RETURNING at)
      SELECT at, pg_notify(${PUBLISHES_CHANNEL}, ${`${environment} ${version}`})::text AS told FROM made`;
    return { ...bundle, publishedAt: rows[0]!.at.toISOString() };
  }
}

function toBundle(row: BundleModel): Bundle {
  return {
    environment: row.environmentName,
    version: row.version,
    digest: row.digest,
    revision: Number(row.revision),
    origin: originOf(row),
    counts: row.counts as unknown as BundleCounts,
    findings: row.findings as unknown as Finding[],
    proof: row.proof as unknown as ProofSummary,
    changes: row.changes as unknown as ListedChange,
    ...compact({ message: row.message, reason: row.reason }),
    publishedBy: row.actor,
    publishedAt: row.at.toISOString(),
    blobs: blobsOf(row),
    jsonDigest: row.jsonDigest,
  };
}

/** A row of texts. */
interface EventRow {
  readonly version: string;
  readonly digest: string;
  readonly publishedAt: string;
  readonly publishedBy: string;
  readonly message: string | null;
  readonly reason: string | null;
  readonly summary: string;
}

function toEvent(environment: string, { version, message, reason, summary, ...row }: EventRow): PublishEvent {
  const { connections, newlyIsolatedTiers, noLongerIsolatedTiers } = JSON.parse(summary) as ChangeSummary;
  const changes = { connections, newlyIsolatedTiers, noLongerIsolatedTiers };
  return { environment, version: Number(version), ...row, ...compact({ message, reason }), changes };
}

function originOf({ origin, originFrom, originVersion }: BundleModel): Origin {
  const [environment, version] = [originFrom ?? '', originVersion ?? 0];
  switch (origin as Origin['kind']) {
    case 'model':
      return { kind: 'model' };
    case 'promotion':
      return { kind: 'promotion', environment, version };
    case 'rollback':
      return { kind: 'rollback', version };
  }
}

function blobsOf(row: Pick<BundleModel, keyof typeof BLOB_COLUMNS>): BundleBlobs {
  return { yamlGzip: row.yamlGzipDigest, tar: row.tarDigest, snapshot: row.snapshotDigest };
}
