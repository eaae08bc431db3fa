import { ResolveField, Resolver } from '@nestjs/graphql';
import type { Application } from '../../domain/model/entities.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { resourceResolver } from '../../platform/graphql/resource.resolver.js';
import { PlacementLoader } from '../placement/placement.loader.js';
import { PlacementType } from '../placement/placement.type.js';
import { TeamLoader } from '../team/team.loader.js';
import { TeamType } from '../team/team.type.js';
import { TierLoader } from '../tier/tier.loader.js';
import { TierType } from '../tier/tier.type.js';
import { ApplicationInput, ApplicationPatch } from './application.input.js';
import { ApplicationService } from './application.service.js';
import { ApplicationType } from './application.type.js';

@Resolver(() => ApplicationType)
export class ApplicationResolver extends resourceResolver({
  name: 'Application',
  type: ApplicationType,
  key: ['name'],
  filters: { team: 'Only those of this team' },
  inputs: { create: ApplicationInput, patch: ApplicationPatch },
}) {
  constructor(
    protected readonly service: ApplicationService,
    private readonly teams: TeamLoader,
    private readonly ofApplications: TierLoader,
    private readonly placed: PlacementLoader,
  ) {
    super();
  }

  @ResolveField(() => TeamType)
  team(application: Application, _: unknown, gql: GraphQLContext) {
    return this.teams.byName.load(gql, application.team);
  }

  @ResolveField(() => [TierType])
  tiers(application: Application, _: unknown, gql: GraphQLContext) {
    return this.ofApplications.ofApplication.load(gql, application.name);
  }

  @ResolveField(() => [PlacementType], { description: 'Where it lives, in each environment that it is placed in' })
  placements(application: Application, _: unknown, gql: GraphQLContext) {
    return this.placed.ofApplication(gql, application.name);
  }
}
