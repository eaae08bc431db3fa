import { type Problem, SluiceError } from '../../domain/errors.js';
import { type Tier, tierRef } from '../../domain/model/entities.js';
import { selectorOverlaps } from '../../domain/validate/overlap.js';
import { notFound, ResourceService } from '../../platform/resource/resource.service.js';
import { tierSchema } from '../../schema/tier.js';
import type { ApplicationStore } from '../../store/application.store.js';
import type { Db } from '../../store/database.js';
import type { Filter } from '../../store/model-store.js';
import type { NeighbourStore } from '../../store/neighbour.store.js';
import type { TierStore } from '../../store/tier.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

export class TierService extends ResourceService<Tier> {
  constructor(
    units: UnitOfWork,
    private readonly tiers: TierStore,
    private readonly applications: ApplicationStore,
    private readonly neighbours: NeighbourStore,
  ) {
    super({ kind: 'tier', schema: tierSchema, keyFields: ['application', 'name'] }, tiers, units);
  }

  /** Refuses (not-found) for an application that does not exist, where an empty list would say something else. */
  protected override async holdListed(db: Db, filter: Filter): Promise<void> {
    const name = String(filter['application']);
    if (!(await this.applications.get(db, { name }))) throw notFound(`application "${name}"`);
  }

  protected async rules(db: Db, parts: Partial<Tier>, standing: Tier | undefined): Promise<Problem[]> {
    if (parts.application === undefined || parts.name === undefined) return [];
    if (!(await this.applications.get(db, { name: parts.application }))) return unknownApplication(parts.application);
    return [...(await this.removedPortsInUse(db, parts, standing)), ...(await this.overlaps(db, parts as Tier))];
  }

  private async removedPortsInUse(db: Db, parts: Partial<Tier>, standing: Tier | undefined): Promise<Problem[]> {
    if (standing === undefined || parts.ports === undefined) return [];
    const kept = new Set(parts.ports.map((port) => port.name));
    const removed = standing.ports.filter((port) => !kept.has(port.name)).map((port) => port.name);
    if (removed.length === 0) return [];
    const uses = await this.tiers.portReferrers(
      db,
      { application: standing.application, name: standing.name },
      removed,
    );
    return uses.map(([port, referrer]) => {
      return {
        pointer: '#/ports',
        code: 'port-in-use',
        detail: `port "${port}" of tier "${tierRef(standing)}" is used by ${referrer}`,
        value: port,
      };
    });
  }

  private async overlaps(db: Db, tier: Tier): Promise<Problem[]> {
    if (tier.podSelector === undefined) return [];
    const around = await this.neighbours.ofTier(db, tier);
    const own = around.filter((other) => other.ref === tierRef(tier));
    return selectorOverlaps(own, around, () => '#/podSelector');
  }
}

/** The application stands in the path, so that it is missing is a 404. */
function unknownApplication(name: string): never {
  throw new SluiceError('not-found', `application "${name}" does not exist`);
}
