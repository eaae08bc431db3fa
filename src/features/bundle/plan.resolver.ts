import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { applySet } from '../../domain/plan/apply-set.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { COST } from '../../platform/graphql/limits.js';
import type { Bundle } from '../../store/bundle.store.js';
import { EnvironmentType } from '../environment/environment.type.js';
import { BundleType } from './bundle.type.js';
import { bufferOf } from './change-text.js';
import { type MadePlan, PlanService } from './plan.service.js';
import { ApplySetType, EditionFromArgs, FromArgs, InventoryType, PlanType } from './plan.type.js';
import { readFrom, readVersion } from './version-ref.js';

@Resolver(() => PlanType)
export class PlanResolver {
  constructor(private readonly plans: PlanService) {}

  @ResolveField(() => String, { description: 'The steps as a shell script for kubectl' })
  async script(@Parent() { order }: MadePlan): Promise<string> {
    return bufferOf(await this.plans.write(order, 'sh')).toString();
  }

  @ResolveField(() => String, { description: 'The objects with the sync waves of Argo CD, where waves can do it' })
  async syncWaves(@Parent() { order }: MadePlan): Promise<string> {
    return bufferOf(await this.plans.write(order, 'yaml')).toString();
  }
}

/** How a version comes into a cluster, and what belongs to it there. */
@Resolver(() => BundleType)
export class BundlePlanResolver {
  constructor(private readonly plans: PlanService) {}

  @ResolveField(() => ApplySetType, { description: 'By which its objects can be pruned' })
  applySet({ environment }: Bundle) {
    return applySet(environment);
  }

  @ResolveField(() => PlanType, { complexity: COST.reading, description: 'The way here from another version' })
  plan(@Parent() bundle: Bundle, @Args() { from }: FromArgs, @Context() gql: GraphQLContext) {
    return this.plans.plan(gql.ctx, bundle, readFrom(from));
  }

  @ResolveField(() => InventoryType, { complexity: COST.reading, description: 'Every object, by namespace' })
  inventory(@Parent() bundle: Bundle, @Args() { from }: FromArgs, @Context() gql: GraphQLContext) {
    return this.plans.inventory(gql.ctx, bundle, readFrom(from));
  }
}

/** The same of any version, or of the working model. */
@Resolver(() => EnvironmentType)
export class EnvironmentPlanResolver {
  constructor(private readonly plans: PlanService) {}

  @ResolveField(() => PlanType, { complexity: COST.rendering, description: 'The way from one version to another' })
  plan(@Parent() { name }: EnvironmentType, @Args() args: EditionFromArgs, @Context() gql: GraphQLContext) {
    return this.plans.plan(gql.ctx, editionOf(name, args), readFrom(args.from));
  }

  @ResolveField(() => InventoryType, { complexity: COST.rendering, description: 'Every object of a version' })
  inventory(@Parent() { name }: EnvironmentType, @Args() args: EditionFromArgs, @Context() gql: GraphQLContext) {
    return this.plans.inventory(gql.ctx, editionOf(name, args), readFrom(args.from));
  }
}

function editionOf(environment: string, { version }: EditionFromArgs) {
  return { environment, version: readVersion(version) };
}
