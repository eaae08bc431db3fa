import type { Placement } from '../../domain/model/entities.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { toMany } from '../../platform/graphql/relation.js';
import type { PlacementStore } from '../../store/placement.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

export class PlacementLoader {
  constructor(
    private readonly units: UnitOfWork,
    private readonly placements: PlacementStore,
  ) {}

  readonly ofApplication = toMany(
    async (applications, { ctx }: GraphQLContext) => {
      const all = await this.placements.byApplications(this.units.reader, applications);
      // A token that is bound to an environment sees the placements of its own.
      return all.filter(({ value }) => ctx.boundTo === undefined || value.environment === ctx.boundTo);
    },
    (placement: Placement) => [placement.application],
  );

  readonly ofEnvironment = toMany(
    (environments) => this.placements.byEnvironments(this.units.reader, environments),
    (placement: Placement) => [placement.environment],
  );
}
