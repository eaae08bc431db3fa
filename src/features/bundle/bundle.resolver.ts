import { Args, ArgsType, Context, Field, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { COST } from '../../platform/graphql/limits.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import type { Bundle } from '../../store/bundle.store.js';
import { EnvironmentLoader } from '../environment/environment.loader.js';
import { EnvironmentType } from '../environment/environment.type.js';
import { TagLoader } from '../tag/tag.loader.js';
import { BundleService } from './bundle.service.js';
import { BundleType } from './bundle.type.js';
import { BundleDiffType } from './changes.type.js';
import { NetworkPolicyLoader } from './network-policy.loader.js';
import { NetworkPolicyType } from './network-policy.type.js';
import { textOf } from './overview-format.js';
import { OverviewArgs } from './looks.args.js';
import { PUBLISHED_TEXT, readPublished, readVersion, VERSION_TEXT } from './version-ref.js';

@ArgsType()
class DiffArgs {
  @Field(() => String, { description: VERSION_TEXT })
  readonly other!: string;

  @Field(() => String, { nullable: true, description: 'The environment of the other version, where it is another one' })
  readonly environment?: string | null;
}

@Resolver(() => BundleType)
export class BundleResolver {
  constructor(
    private readonly bundles: BundleService,
    private readonly environments: EnvironmentLoader,
    private readonly policies: NetworkPolicyLoader,
    private readonly marks: TagLoader,
  ) {}

  @Query(() => BundleType, { nullable: true, description: 'One published version' })
  bundle(
    @Context() gql: GraphQLContext,
    @Args('environment') environment: string,
    @Args('version', { type: () => String, defaultValue: 'latest', description: PUBLISHED_TEXT })
    version: string,
  ): Promise<Bundle> {
    return this.bundles.get(gql.ctx, environment, readPublished(version));
  }

  @ResolveField(() => EnvironmentType)
  environment(bundle: Bundle, _: unknown, gql: GraphQLContext) {
    return this.environments.byName.load(gql, bundle.environment);
  }

  @ResolveField(() => [String], { description: 'The names that mark it now' })
  tags(bundle: Bundle, _: unknown, gql: GraphQLContext) {
    return this.marks.namesOf(gql, bundle);
  }

  @ResolveField(() => [NetworkPolicyType], { description: 'The Kubernetes objects, in their order' })
  objects(bundle: Bundle, _: unknown, gql: GraphQLContext) {
    return this.policies.ofBundle(gql, bundle);
  }

  @ResolveField(() => BundleDiffType, {
    complexity: COST.reading,
    description: 'What changes from here to another version',
  })
  diff(@Parent() bundle: Bundle, @Args() { other, environment }: DiffArgs, @Context() gql: GraphQLContext) {
    const to = { environment: environment ?? bundle.environment, version: readVersion(other) };
    return this.bundles.diff(gql.ctx, bundle, to);
  }

  @ResolveField(() => String, { complexity: COST.reading, description: 'Who talks to whom, drawn' })
  async overview(@Parent() bundle: Bundle, @Args() { format }: OverviewArgs, @Context() gql: GraphQLContext) {
    return textOf(await this.bundles.overview(gql.ctx, bundle, format));
  }

  @ResolveField(() => String, { complexity: COST.reading, description: 'The YAML stream, byte for byte' })
  async manifests({ environment, version }: Bundle, _: unknown, gql: GraphQLContext): Promise<string> {
    const { bytes } = await this.bundles.manifests(gql.ctx, environment, version, 'yaml');
    return (await bytes()).toString();
  }
}
