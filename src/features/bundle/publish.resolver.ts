import { Args, ArgsType, Context, Field, Int, Mutation, ResolveField, Resolver } from '@nestjs/graphql';
import type { Origin } from '../../domain/model/origin.js';
import { type GraphQLContext, writing } from '../../platform/graphql/graphql.context.js';
import { WriteArgs } from '../../platform/graphql/write.args.js';
import { EnvironmentLoader } from '../environment/environment.loader.js';
import { EnvironmentType } from '../environment/environment.type.js';
import { OriginType, PublishedType } from './bundle.type.js';
import { type Published, PublishService } from './publish.service.js';
import { PUBLISHED_TEXT } from './version-ref.js';

@ArgsType()
class PublishArgs extends WriteArgs {
  @Field(() => String)
  readonly environment!: string;

  @Field(() => String, { nullable: true, description: 'Why this version' })
  readonly message?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The latest version that you know, 0 for none: version-conflict where there is a newer one',
  })
  readonly expectedVersion?: number | null;
}

@ArgsType()
class PromoteArgs extends PublishArgs {
  @Field(() => String, { description: 'The environment of the version' })
  readonly from!: string;

  @Field(() => String, { description: PUBLISHED_TEXT })
  readonly version!: string;
}

@ArgsType()
class RollBackArgs extends PublishArgs {
  @Field(() => String, { description: `An earlier version: ${PUBLISHED_TEXT.toLowerCase()}` })
  readonly to!: string;
}

const A_VERSION = { nullable: true } as const;

/** The ways to a new version. */
@Resolver(() => OriginType)
export class PublishResolver {
  constructor(
    private readonly publisher: PublishService,
    private readonly environments: EnvironmentLoader,
  ) {}

  @Mutation(() => PublishedType, {
    ...A_VERSION,
    description: 'Render the working model of an environment and make it the next version',
  })
  publish(@Context() gql: GraphQLContext, @Args() args: PublishArgs): Promise<Published> {
    return this.publisher.publish(writing(gql, args), args.environment, bodyOf(args));
  }

  @Mutation(() => PublishedType, {
    ...A_VERSION,
    description:
      'Publish in an environment what a version of another one declares, with the placements, profile and addresses of this one',
  })
  promote(@Context() gql: GraphQLContext, @Args() args: PromoteArgs): Promise<Published> {
    const { from, version } = args;
    return this.publisher.promote(writing(gql, args), args.environment, { ...bodyOf(args), from, version });
  }

  @Mutation(() => PublishedType, {
    ...A_VERSION,
    description: 'Publish an earlier version again, byte for byte, as the next one',
  })
  rollBack(@Context() gql: GraphQLContext, @Args() args: RollBackArgs): Promise<Published> {
    return this.publisher.rollBack(writing(gql, args), args.environment, { ...bodyOf(args), to: args.to });
  }

  @ResolveField(() => EnvironmentType, { nullable: true, description: 'Of a promotion: that of the version' })
  environment(origin: Origin, _: unknown, gql: GraphQLContext) {
    return origin.kind === 'promotion' ? this.environments.byName.load(gql, origin.environment) : null;
  }
}

/** What REST has in the body of each of them. */
function bodyOf({ message, expectedVersion }: PublishArgs): object {
  return { ...given('message', message), ...given('expectedVersion', expectedVersion) };
}

/** A field of an input, where it was given. */
function given(field: string, value: unknown): object {
  return value === undefined || value === null ? {} : { [field]: value };
}
