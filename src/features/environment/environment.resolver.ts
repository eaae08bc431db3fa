import { ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { resourceResolver } from '../../platform/graphql/resource.resolver.js';
import { PlacementLoader } from '../placement/placement.loader.js';
import { PlacementType } from '../placement/placement.type.js';
import { EnvironmentInput, EnvironmentPatch } from './environment.input.js';
import { EnvironmentService } from './environment.service.js';
import { EnvironmentType } from './environment.type.js';

@Resolver(() => EnvironmentType)
export class EnvironmentResolver extends resourceResolver({
  name: 'Environment',
  type: EnvironmentType,
  key: ['name'],
  inputs: { create: EnvironmentInput, patch: EnvironmentPatch },
}) {
  constructor(
    protected readonly service: EnvironmentService,
    private readonly placed: PlacementLoader,
  ) {
    super();
  }

  @ResolveField(() => [PlacementType], { description: 'The applications that live here' })
  placements(environment: EnvironmentType, _: unknown, gql: GraphQLContext) {
    return this.placed.ofEnvironment(gql, environment.name);
  }
}
