import { ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { resourceResolver } from '../../platform/graphql/resource.resolver.js';
import { ApplicationLoader } from '../application/application.loader.js';
import { ApplicationType } from '../application/application.type.js';
import { TeamInput, TeamPatch } from './team.input.js';
import { TeamService } from './team.service.js';
import { TeamType } from './team.type.js';

@Resolver(() => TeamType)
export class TeamResolver extends resourceResolver({
  name: 'Team',
  type: TeamType,
  key: ['name'],
  inputs: { create: TeamInput, patch: TeamPatch },
}) {
  constructor(
    protected readonly service: TeamService,
    private readonly ofTeams: ApplicationLoader,
  ) {
    super();
  }

  @ResolveField(() => [ApplicationType])
  applications(team: TeamType, _: unknown, gql: GraphQLContext) {
    return this.ofTeams.ofTeam.load(gql, team.name);
  }
}
