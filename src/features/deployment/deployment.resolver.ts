import { Args, ArgsType, Context, Field, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Connection, PageArgs, pagingOf } from '../../platform/graphql/connection.js';
import { type GraphQLContext, writing } from '../../platform/graphql/graphql.context.js';
import { DryRunArgs } from '../../platform/graphql/write.args.js';
import type { Deployment } from '../../store/deployment.store.js';
import { EnvironmentLoader } from '../environment/environment.loader.js';
import { EnvironmentType } from '../environment/environment.type.js';
import { DeploymentReportInput } from './deployment.input.js';
import { DeploymentLoader } from './deployment.loader.js';
import { DeploymentService } from './deployment.service.js';
import { DeploymentConnection, DeploymentResultEnum, DeploymentType } from './deployment.type.js';

@ArgsType()
class DeploymentsArgs extends PageArgs {
  @Field(() => DeploymentResultEnum, { nullable: true, description: 'What the last report says' })
  readonly result?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: those that do not run the latest version, or none at all; false: those that do',
  })
  readonly behind?: boolean | null;
}

@Resolver(() => DeploymentType)
export class DeploymentResolver {
  constructor(
    private readonly service: DeploymentService,
    private readonly environments: EnvironmentLoader,
  ) {}

  @Query(() => DeploymentType, { nullable: true, description: 'What one cluster runs of an environment' })
  deployment(
    @Context() gql: GraphQLContext,
    @Args('environment') environment: string,
    @Args('cluster') cluster: string,
  ): Promise<Deployment> {
    return this.service.get(gql.ctx, environment, cluster);
  }

  @Mutation(() => DeploymentType, {
    nullable: true,
    description: 'Report what came of a version in a cluster: needs no more than the scope read',
  })
  async reportDeployment(
    @Context() gql: GraphQLContext,
    @Args('environment') environment: string,
    @Args('input', { type: () => DeploymentReportInput }) input: unknown,
    @Args() how: DryRunArgs,
  ): Promise<Deployment> {
    return (await this.service.report(writing(gql, how), environment, input)).deployment;
  }

  @Mutation(() => Boolean, { nullable: true, description: 'Forget a cluster that is gone' })
  async forgetDeployment(
    @Context() gql: GraphQLContext,
    @Args('environment') environment: string,
    @Args('cluster') cluster: string,
    @Args() how: DryRunArgs,
  ): Promise<boolean> {
    await this.service.forget(writing(gql, how), environment, cluster);
    return true;
  }

  @ResolveField(() => EnvironmentType)
  environment(deployment: Deployment, _: unknown, gql: GraphQLContext) {
    return this.environments.byName.load(gql, deployment.environment);
  }
}

@Resolver(() => EnvironmentType)
export class EnvironmentDeploymentsResolver {
  constructor(private readonly clusters: DeploymentLoader) {}

  @ResolveField(() => DeploymentConnection, {
    description: 'Who runs which version, since when, who is behind, who failed; by the name of the cluster',
  })
  async deployments(
    @Parent() { name }: EnvironmentType,
    @Args() args: DeploymentsArgs,
    @Context() gql: GraphQLContext,
  ) {
    const filter = { result: args.result ?? undefined, behind: args.behind ?? undefined };
    const page = await this.clusters.page(gql, name, filter, pagingOf(args));
    return new Connection(page, (deployment: Deployment) => deployment, args);
  }
}
