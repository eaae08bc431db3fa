import { type Change, toChange } from './change-row.js';
import type { Db } from './database.js';
import type { Prisma } from './generated/client.js';
import { compact } from './compact.js';
import type { Window } from './model-store.js';

export type { Change } from './change-row.js';

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
}
