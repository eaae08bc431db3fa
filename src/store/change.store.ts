import type { Db } from './database.js';
import type { Prisma } from './generated/client.js';
import type { ChangeModel } from './generated/models.js';
import { compact, type Window } from './model-store.js';

/** One write of the model: which revision it made, who, when, why, and what stood before and after. */
export interface Change {
  readonly revision: number;
  readonly at: string;
  readonly actor: string;
  readonly reason?: string;
  readonly resource: string;
  readonly name: string;
  readonly action: 'create' | 'update' | 'delete';
  readonly before?: object;
  readonly after?: object;
}

export interface ChangeFilter {
  readonly resource?: string | undefined;
  readonly name?: string | undefined;
  readonly actor?: string | undefined;
  /** Changes after this revision, or from this time on. */
  readonly since?: number | Date | undefined;
}

export class ChangeStore {
  /** Newest first; `after` is the revision that the page before ended with. */
  async list(db: Db, filter: ChangeFilter, window: Window): Promise<Change[]> {
    const { resource, name, actor, since } = filter;
    const where: Prisma.ChangeWhereInput = { ...compact({ resource, name, actor }) };
    const revision: Prisma.BigIntFilter = {};
    if (typeof since === 'number') revision.gt = since;
    if (since instanceof Date) where.at = { gte: since };
    if (window.after !== undefined) revision.lt = Number(window.after) || 0;
    const rows = await db.change.findMany({
      where: { ...where, revision },
      orderBy: { revision: 'desc' },
      take: window.take,
    });
    return rows.map(toChange);
  }

  /** Of each of these objects as it stood at a revision: the change that made it, and the last one. */
  async authorsOf(db: Db, resource: string, names: readonly string[], revision: number): Promise<Change[]> {
    const rows = await db.$queryRaw<ChangeModel[]>`
      SELECT c.* FROM unnest(${[...names]}::text[]) AS wanted (name)
      CROSS JOIN LATERAL (
        (SELECT * FROM change WHERE resource = ${resource} AND name = wanted.name AND revision <= ${revision} AND action = 'create'
          ORDER BY revision DESC LIMIT 1)
        UNION ALL
        (SELECT * FROM change WHERE resource = ${resource} AND name = wanted.name AND revision <= ${revision} AND action <> 'create'
          ORDER BY revision DESC LIMIT 1)
      ) AS c`;
    return rows.map(toChange);
  }
}

function toChange(row: ChangeModel): Change {
  const { actor, resource, name } = row;
  const optional = compact({
    reason: row.reason,
    before: row.before as object | null,
    after: row.after as object | null,
  });
  return {
    revision: Number(row.revision),
    at: row.at.toISOString(),
    actor,
    resource,
    name,
    action: row.action as Change['action'],
    ...optional,
  };
}
