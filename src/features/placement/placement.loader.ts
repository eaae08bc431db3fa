import type { Placement } from '../../domain/model/entities.js';
import { requireScope } from '../../platform/context.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import type { ModelObject } from '../../platform/graphql/model-object.js';
import { reading, toMany } from '../../platform/graphql/relation.js';
import type { PlacementStore } from '../../store/placement.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

export class PlacementLoader {
  private readonly byApplication;
  private readonly byEnvironment;

  constructor(units: UnitOfWork, store: PlacementStore) {
    const ofApplications = reading(units, 'placement of application', store);
    this.byApplication = toMany(ofApplications, ({ application }) => [application]);
    const ofEnvironments = reading(units, 'placement of environment', store);
    this.byEnvironment = toMany(ofEnvironments, ({ environment }) => [environment]);
  }

  /** In each environment that the token may see: one that is bound to an environment sees that one. */
  async ofApplication(gql: GraphQLContext, application: string): Promise<readonly ModelObject<Placement>[]> {
    const { boundTo } = gql.ctx;
    const all = await this.byApplication.load(gql, application);
    return boundTo === undefined ? all : all.filter((placement) => placement.environment === boundTo);
  }

  async ofEnvironment(gql: GraphQLContext, environment: string): Promise<readonly ModelObject<Placement>[]> {
    requireScope(gql.ctx, 'read', environment);
    return this.byEnvironment.load(gql, environment);
  }
}
