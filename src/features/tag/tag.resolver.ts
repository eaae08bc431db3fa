import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Tag } from '../../domain/model/tag.js';
import { type GraphQLContext, writing } from '../../platform/graphql/graphql.context.js';
import { modelObject } from '../../platform/graphql/model-object.js';
import { resourceResolver } from '../../platform/graphql/resource.resolver.js';
import { putting, SetArgs } from '../../platform/graphql/write.args.js';
import { EnvironmentLoader } from '../environment/environment.loader.js';
import { EnvironmentType } from '../environment/environment.type.js';
import { TagInput } from './tag.input.js';
import { TagLoader } from './tag.loader.js';
import { TagService } from './tag.service.js';
import { TagType } from './tag.type.js';

@Resolver(() => TagType)
export class TagResolver extends resourceResolver({ name: 'Tag', type: TagType, key: ['environment', 'name'] }) {
  constructor(
    protected readonly service: TagService,
    private readonly environments: EnvironmentLoader,
  ) {
    super();
  }

  @Mutation(() => TagType, { nullable: true, description: 'Mark a version, or move the tag to another one' })
  async setTag(
    @Context() gql: GraphQLContext,
    @Args('input', { type: () => TagInput }) input: Tag,
    @Args() how: SetArgs,
  ) {
    const key = { environment: String(input.environment), name: String(input.name) };
    return modelObject(await this.service.put(writing(gql, how), key, input, putting(how)));
  }

  @ResolveField(() => EnvironmentType)
  environment(tag: Tag, _: unknown, gql: GraphQLContext) {
    return this.environments.byName.load(gql, tag.environment);
  }
}

/** The tags of an environment. */
@Resolver(() => EnvironmentType)
export class EnvironmentTagsResolver {
  constructor(private readonly loader: TagLoader) {}

  @ResolveField(() => [TagType], { description: 'The names that mark versions of it' })
  tags(@Parent() { name }: EnvironmentType, @Context() gql: GraphQLContext) {
    return this.loader.ofEnvironment(gql, name);
  }
}
