import { type Change, toChange } from './change-row.js';
import type { Db } from './database.js';
import type { ChangeModel } from './generated/models.js';

/** A flow as it stood at a revision, and the environment whose versions are asked about. */
export interface FlowAt {
  readonly environment: string;
  readonly revision: number;
  readonly flow: string;
}

/** A change that made a flow what it was, and the first version of the environment that was rendered after it. */
export interface AuthoredRow {
  readonly key: FlowAt;
  readonly change: Change;
  readonly since: number | undefined;
}

type Row = Omit<ChangeModel, 'environment'> & {
  readonly environment: string;
  readonly asked: bigint;
  readonly since: number | null;
};

/** Reads change log and versions together: who wrote what stands in an edition. */
export class AuthorshipStore {
  /** Of each flow the change that declared it, and the last one since, in one statement. */
  async ofFlows(db: Db, flows: readonly FlowAt[]): Promise<AuthoredRow[]> {
    if (flows.length === 0) return [];
    const rows = await db.$queryRaw<Row[]>`
      SELECT wanted.environment, wanted.revision AS asked, c.*,
        (SELECT min(b.version) FROM (SELECT environment, version, revision FROM bundle
            UNION ALL SELECT environment, version, revision FROM removed_bundle) AS b
          WHERE b.environment = wanted.environment AND b.revision >= c.revision) AS since
      FROM unnest(${flows.map(({ environment }) => environment)}::text[], ${flows.map(({ revision }) => revision)}::bigint[],
        ${flows.map(({ flow }) => flow)}::text[]) AS wanted (environment, revision, name)
      CROSS JOIN LATERAL (
        (SELECT * FROM change WHERE resource = 'flow' AND name = wanted.name AND revision <= wanted.revision AND action = 'create'
          ORDER BY revision DESC LIMIT 1)
        UNION ALL
        (SELECT * FROM change WHERE resource = 'flow' AND name = wanted.name AND revision <= wanted.revision AND action = 'update'
          ORDER BY revision DESC LIMIT 1)
      ) AS c`;
    return rows.map((row) => ({
      key: { environment: row.environment, revision: Number(row.asked), flow: row.name },
      change: toChange(row),
      since: row.since ?? undefined,
    }));
  }
}
