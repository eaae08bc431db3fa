import { Args, Context, Mutation, ResolveField, Resolver } from '@nestjs/graphql';
import type { Placement, TierPlacement } from '../../domain/model/entities.js';
import { type GraphQLContext, writing } from '../../platform/graphql/graphql.context.js';
import { modelObject } from '../../platform/graphql/model-object.js';
import { resourceResolver } from '../../platform/graphql/resource.resolver.js';
import { putting, SetArgs } from '../../platform/graphql/write.args.js';
import { ApplicationLoader } from '../application/application.loader.js';
import { ApplicationType } from '../application/application.type.js';
import { EnvironmentLoader } from '../environment/environment.loader.js';
import { EnvironmentType } from '../environment/environment.type.js';
import { TierLoader } from '../tier/tier.loader.js';
import { TierType } from '../tier/tier.type.js';
import { PlacementInput } from './placement.input.js';
import { PlacementService } from './placement.service.js';
import { PlacementType, TierPlacementType } from './placement.type.js';

@Resolver(() => PlacementType)
export class PlacementResolver extends resourceResolver({
  name: 'Placement',
  type: PlacementType,
  key: ['environment', 'application'],
}) {
  constructor(
    protected readonly service: PlacementService,
    private readonly environments: EnvironmentLoader,
    private readonly applications: ApplicationLoader,
  ) {
    super();
  }

  @Mutation(() => PlacementType, { nullable: true, description: 'Place an application, or replace where it lives' })
  async setPlacement(
    @Context() gql: GraphQLContext,
    @Args('input', { type: () => PlacementInput }) input: Placement,
    @Args() how: SetArgs,
  ) {
    const key = { environment: String(input.environment), application: String(input.application) };
    return modelObject(await this.service.put(writing(gql, how), key, input, putting(how)));
  }

  @ResolveField(() => EnvironmentType)
  environment(placement: Placement, _: unknown, gql: GraphQLContext) {
    return this.environments.byName.load(gql, placement.environment);
  }

  @ResolveField(() => ApplicationType)
  application(placement: Placement, _: unknown, gql: GraphQLContext) {
    return this.applications.byName.load(gql, placement.application);
  }

  @ResolveField(() => [TierPlacementType], { description: 'What is different here; other tiers are as declared' })
  tiers({ application, tiers }: Placement): object[] {
    return tiers.map((tier) => ({ ...tier, application }));
  }
}

/** What a tier placement knows beside its own fields: whose tier it is. */
type PlacedTier = TierPlacement & { readonly application: string };

@Resolver(() => TierPlacementType)
export class TierPlacementResolver {
  constructor(private readonly tiers: TierLoader) {}

  @ResolveField(() => TierType)
  tier({ application, tier }: PlacedTier, _: unknown, gql: GraphQLContext) {
    return this.tiers.byRef.load(gql, `${application}/${tier}`);
  }
}
