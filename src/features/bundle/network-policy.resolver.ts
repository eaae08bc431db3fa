import { ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { EnvironmentLoader } from '../environment/environment.loader.js';
import { EnvironmentType } from '../environment/environment.type.js';
import { FlowLoader } from '../flow/flow.loader.js';
import { FlowType } from '../flow/flow.type.js';
import { TierLoader } from '../tier/tier.loader.js';
import { TierType } from '../tier/tier.type.js';
import { BundleType } from './bundle.type.js';
import type { BundledPolicy } from './network-policy.loader.js';
import { NetworkPolicyType } from './network-policy.type.js';

/** From a Kubernetes object back to the model. Of an old version, what it came from may be gone. */
@Resolver(() => NetworkPolicyType)
export class NetworkPolicyResolver {
  constructor(
    private readonly environments: EnvironmentLoader,
    private readonly tiers: TierLoader,
    private readonly byName: FlowLoader,
  ) {}

  @ResolveField(() => BundleType)
  bundle(policy: BundledPolicy) {
    return policy.bundle;
  }

  @ResolveField(() => EnvironmentType)
  environment({ bundle }: BundledPolicy, _: unknown, gql: GraphQLContext) {
    return this.environments.byName.load(gql, bundle.environment);
  }

  @ResolveField(() => TierType, {
    nullable: true,
    description: 'Whose pods it selects; not there for the default deny',
  })
  tier({ application, tier }: BundledPolicy, _: unknown, gql: GraphQLContext) {
    return application === undefined ? null : this.tiers.byRef.load(gql, `${application}/${tier}`);
  }

  @ResolveField(() => [FlowType], { description: 'The flows that it came from, of those that still exist' })
  async flows({ flowNames }: BundledPolicy, _: unknown, gql: GraphQLContext) {
    const flows = await this.byName.byName.loadMany(gql, flowNames);
    return flows.filter((flow) => flow !== null);
  }
}
