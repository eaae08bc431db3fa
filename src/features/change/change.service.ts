import { type RequestContext, requireScope } from '../../platform/context.js';
import { NUMBER_KEY, type Page, readPage, toPage } from '../../platform/http/page.js';
import type { Paging } from '../../platform/resource/resource.service.js';
import type { Change, ChangeFilter, ChangeStore } from '../../store/change.store.js';
import type { Db } from '../../store/database.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

/** The change log: every write of the model. */
export class ChangeService {
  constructor(
    private readonly units: UnitOfWork,
    private readonly changes: ChangeStore,
  ) {}

  /** Newest first. */
  list(ctx: RequestContext, filter: ChangeFilter, paging: Paging): Promise<Page<Change>> {
    return this.units.read(ctx.readFrom, ({ db }) => this.page(ctx, db, filter, paging));
  }

  /** As list, with a revision of the model that is not older than what the page shows. */
  listAt(
    ctx: RequestContext,
    filter: ChangeFilter,
    paging: Paging,
  ): Promise<{ readonly page: Page<Change>; readonly modelRevision: number }> {
    return this.units.read(ctx.readFrom, async (reads) => {
      const page = await this.page(ctx, reads.db, filter, paging);
      return { page, modelRevision: await reads.revision() };
    });
  }

  private async page(ctx: RequestContext, db: Db, filter: ChangeFilter, paging: Paging): Promise<Page<Change>> {
    requireScope(ctx, 'read');
    const page = readPage(paging, ['change', filter], NUMBER_KEY);
    const rows = await this.changes.list(db, filter, { after: page.after, take: page.size + 1 });
    return toPage(rows, page, ['change', filter], (change) => String(change.revision));
  }
}
