import { type RequestContext, requireScope } from '../../platform/context.js';
import type { EditionSource } from '../../work/edition-source.js';
import type { EditionInventory, Plan, PlanEditions, PlanFormat } from '../../work/plan-editions.js';
import type { EditionRef } from './bundle.service.js';
import type { EditionLoader } from './edition.loader.js';
import type { EditionWork } from './edition-work.js';
import type { VersionRef } from './version-ref.js';

/** A plan, and what it was made from: it is written in other ways from that. */
export type MadePlan = Plan & { readonly order: PlanEditions };

/** How an edition comes into a cluster, and what belongs to it there. */
export class PlanService {
  constructor(
    private readonly editions: EditionLoader,
    private readonly work: EditionWork,
  ) {}

  /** Refuses (not-found) an environment or a version that does not exist. */
  async plan(ctx: RequestContext, to: EditionRef, from: VersionRef | undefined): Promise<MadePlan> {
    const order = await this.orderOf(ctx, to, from);
    return { ...(await this.work.run('planEditions', order, sourcesOf(order))), order };
  }

  /** The same, written: the plan of large editions is written where it is made. */
  async writePlan(
    ctx: RequestContext,
    to: EditionRef,
    from: VersionRef | undefined,
    format: PlanFormat,
  ): Promise<Uint8Array> {
    return this.write(await this.orderOf(ctx, to, from), format);
  }

  /** A plan in another way; of the working model as it is by then. */
  write(order: PlanEditions, format: PlanFormat): Promise<Uint8Array> {
    return this.work.run('writePlan', { ...order, format }, sourcesOf(order));
  }

  /** Refuses (not-found) an environment or a version that does not exist. */
  async inventory(ctx: RequestContext, of: EditionRef, from: VersionRef | undefined): Promise<EditionInventory> {
    const order = await this.orderOf(ctx, of, from);
    return this.work.run('inventoryEdition', order, sourcesOf(order));
  }

  private async orderOf(
    ctx: RequestContext,
    { environment, version }: EditionRef,
    from: VersionRef | undefined,
  ): Promise<PlanEditions> {
    requireScope(ctx, 'read', environment);
    return {
      from: from === undefined ? undefined : await this.editions.source(environment, from),
      to: await this.editions.source(environment, version),
    };
  }
}

function sourcesOf({ from, to }: PlanEditions): EditionSource[] {
  return from === undefined ? [to] : [from, to];
}
