import { Args, ArgsType, Context, Field, Int, Mutation, Resolver } from '@nestjs/graphql';
import { type GraphQLContext, writing } from '../../platform/graphql/graphql.context.js';
import { WriteArgs } from '../../platform/graphql/write.args.js';
import { type Retention, RetentionService } from './retention.service.js';
import { RetentionType } from './retention.type.js';

@ArgsType()
class RetentionArgs extends WriteArgs {
  @Field(() => String, { nullable: true, description: 'Of this environment only; of all, where absent' })
  readonly environment?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Keep the last so many versions of each environment; the setting, where absent',
  })
  readonly keepVersions?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Keep the versions that are younger than so many days; the setting, where absent',
  })
  readonly keepDays?: number | null;
}

@Resolver()
export class RetentionResolver {
  constructor(private readonly retention: RetentionService) {}

  @Mutation(() => RetentionType, {
    nullable: true,
    description:
      'Remove the versions that nothing keeps, and the content that only they had; dryRun says what would go',
  })
  applyRetention(@Context() gql: GraphQLContext, @Args() args: RetentionArgs): Promise<Retention> {
    const { environment, keepVersions, keepDays } = args;
    const given = Object.entries({ environment, keepVersions, keepDays }).filter(
      ([, value]) => value !== null && value !== undefined,
    );
    return this.retention.apply(writing(gql, args), Object.fromEntries(given));
  }
}
