import { compareText, type Problem } from '../../domain/errors.js';
import { type Placement, type Tier, type TierPlacement, tierRef } from '../../domain/model/entities.js';
import { selectorOverlaps } from '../../domain/validate/overlap.js';
import { placementProblems } from '../../domain/validate/placement.js';
import type { ReadableLists } from '../../domain/validate/readable-lists.js';
import { notFound, ResourceService } from '../../platform/resource/resource.service.js';
import { placementSchema } from '../../schema/placement.js';
import type { Db } from '../../store/database.js';
import type { EnvironmentStore } from '../../store/environment.store.js';
import type { Filter } from '../../store/model-store.js';
import type { NeighbourStore } from '../../store/neighbour.store.js';
import type { PlacementStore } from '../../store/placement.store.js';
import type { TierStore } from '../../store/tier.store.js';
import type { ApplicationStore } from '../../store/application.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

/** The stores whose objects a placement refers to. */
export interface PlacementReferences {
  readonly environments: EnvironmentStore;
  readonly applications: ApplicationStore;
  readonly tiers: TierStore;
  readonly neighbours: NeighbourStore;
}

export class PlacementService extends ResourceService<Placement> {
  constructor(
    units: UnitOfWork,
    placements: PlacementStore,
    private readonly references: PlacementReferences,
  ) {
    super({ kind: 'placement', schema: placementSchema, keyFields: ['environment', 'application'] }, placements, units);
  }

  protected override async holdListed(db: Db, filter: Filter): Promise<void> {
    const name = String(filter['environment']);
    if (!(await this.references.environments.get(db, { name }))) throw notFound(`environment "${name}"`);
  }

  protected override asStored(placement: Placement): Placement {
    const withPorts = ({ ports, ...tier }: TierPlacement): TierPlacement =>
      ports === undefined || ports.length === 0 ? tier : { ...tier, ports };
    const tiers = placement.tiers.map(withPorts).sort((a, b) => compareText(a.tier, b.tier));
    return { ...placement, tiers };
  }

  protected async rules(
    db: Db,
    parts: Partial<Placement>,
    _standing: Placement | undefined,
    lists: ReadableLists<Placement>,
  ): Promise<Problem[]> {
    const { environment, application } = parts;
    if (environment === undefined || application === undefined) return [];
    if (!(await this.references.environments.get(db, { name: environment })))
      throw notFound(`environment "${environment}"`);
    if (!(await this.references.applications.get(db, { name: application })))
      throw notFound(`application "${application}"`);
    const tiers = (await this.references.tiers.byApplications(db, [application])).map((tier) => tier.value);
    return [...placementProblems(application, lists.tiers ?? [], tiers), ...(await this.overlaps(db, parts, tiers))];
  }

  private async overlaps(db: Db, parts: Partial<Placement>, tiers: readonly Tier[]): Promise<Problem[]> {
    if (parts.namespace === undefined || parts.tiers === undefined) return [];
    const placement = parts as Placement;
    const own = new Set(tiers.map(tierRef));
    const around = await this.references.neighbours.ofPlacement(db, placement);
    const indexOf = ({ ref }: { ref: string }) =>
      placement.tiers.findIndex((tier) => `${placement.application}/${tier.tier}` === ref);
    // of a pair, the tier that the placement says something of is the one to point at
    const changed = around.filter((tier) => own.has(tier.ref)).sort((a, b) => indexOf(b) - indexOf(a));
    return selectorOverlaps(changed, around, (tier) => {
      const index = indexOf(tier);
      return index < 0 ? '#/namespace' : `#/tiers/${index}`;
    });
  }
}
