import { ResolveField, Resolver } from '@nestjs/graphql';
import { type Tier, tierRef } from '../../domain/model/entities.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { resourceResolver } from '../../platform/graphql/resource.resolver.js';
import { ApplicationLoader } from '../application/application.loader.js';
import { ApplicationType } from '../application/application.type.js';
import { FlowLoader } from '../flow/flow.loader.js';
import { FlowType } from '../flow/flow.type.js';
import { PlacementLoader } from '../placement/placement.loader.js';
import { PlacementType } from '../placement/placement.type.js';
import { TierInput, TierPatch } from './tier.input.js';
import { TierService } from './tier.service.js';
import { TierType } from './tier.type.js';

@Resolver(() => TierType)
export class TierResolver extends resourceResolver({
  name: 'Tier',
  type: TierType,
  key: ['application', 'name'],
  inputs: { create: TierInput, patch: TierPatch },
}) {
  constructor(
    protected readonly service: TierService,
    private readonly applications: ApplicationLoader,
    private readonly flows: FlowLoader,
    private readonly placed: PlacementLoader,
  ) {
    super();
  }

  @ResolveField(() => String, { description: 'application/tier, as flows refer to it' })
  ref(tier: Tier): string {
    return tierRef(tier);
  }

  @ResolveField(() => ApplicationType)
  application(tier: Tier, _: unknown, gql: GraphQLContext) {
    return this.applications.byName.load(gql, tier.application);
  }

  @ResolveField(() => [FlowType], { description: 'The flows that end here' })
  inbound(tier: Tier, _: unknown, gql: GraphQLContext) {
    return this.flows.toTier.load(gql, tierRef(tier));
  }

  @ResolveField(() => [FlowType], { description: 'The flows that start here' })
  outbound(tier: Tier, _: unknown, gql: GraphQLContext) {
    return this.flows.fromTier.load(gql, tierRef(tier));
  }

  @ResolveField(() => [PlacementType], { description: 'Where its application lives' })
  placements(tier: Tier, _: unknown, gql: GraphQLContext) {
    return this.placed.ofApplication(gql, tier.application);
  }
}
