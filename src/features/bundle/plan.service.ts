import type { NetworkPolicy } from '../../domain/kubernetes/network-policy.js';
import { inventoryOf, pruneList, type Inventory, type Prune } from '../../domain/plan/inventory.js';
import { planSteps } from '../../domain/plan/plan.js';
import type { PlanStep } from '../../domain/plan/step.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import type { EditionRef } from './bundle.service.js';
import { type Edition, readRendered } from '../../work/edition-source.js';
import type { EditionLoader } from './edition.loader.js';
import type { EditionWork } from './edition-work.js';
import type { VersionRef } from './version-ref.js';

export type EditionName = Pick<Edition, 'environment' | 'version' | 'digest'>;

/** The way from one edition of an environment to another, and the objects at both ends. */
export interface Plan {
  readonly environment: string;
  /** Not there: from an empty cluster. */
  readonly from?: EditionName;
  readonly to: EditionName;
  readonly steps: readonly PlanStep[];
  readonly prune: readonly Prune[];
  readonly before: readonly NetworkPolicy[];
  readonly after: readonly NetworkPolicy[];
}

export interface EditionInventory extends EditionName, Inventory {
  /** Against an earlier version, where one is named. */
  readonly prune?: readonly Prune[];
}

/** How an edition comes into a cluster, and what belongs to it there. */
export class PlanService {
  constructor(
    private readonly editions: EditionLoader,
    private readonly work: EditionWork,
  ) {}

  /** Refuses (not-found) an environment or a version that does not exist. */
  async plan(ctx: RequestContext, { environment, version }: EditionRef, from: VersionRef | undefined): Promise<Plan> {
    requireScope(ctx, 'read', environment);
    const start = from === undefined ? undefined : await this.rendered(environment, from);
    const end = await this.rendered(environment, version);
    const before = start?.policies ?? [];
    const after = end.policies;
    return {
      environment,
      ...(start === undefined ? {} : { from: nameOf(start) }),
      to: nameOf(end),
      steps: planSteps(before, after),
      prune: pruneList(before, after),
      before,
      after,
    };
  }

  /** Refuses (not-found) an environment or a version that does not exist. */
  async inventory(
    ctx: RequestContext,
    { environment, version }: EditionRef,
    from: VersionRef | undefined,
  ): Promise<EditionInventory> {
    requireScope(ctx, 'read', environment);
    const edition = await this.rendered(environment, version);
    const inventory = { ...nameOf(edition), ...inventoryOf(environment, edition.policies) };
    if (from === undefined) return inventory;
    const { policies } = await this.rendered(environment, from);
    return { ...inventory, prune: pruneList(policies, edition.policies) };
  }

  private async rendered(environment: string, version: VersionRef): Promise<Omit<Edition, 'snapshot'>> {
    const source = await this.editions.source(environment, version);
    return this.work.read((bytes) => readRendered(bytes, source));
  }
}

function nameOf({ environment, version, digest }: EditionName): EditionName {
  return { environment, version, digest };
}
