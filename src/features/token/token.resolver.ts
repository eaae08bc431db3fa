import { Args, ArgsType, Context, Field, ID, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Connection, PageArgs, pagingOf } from '../../platform/graphql/connection.js';
import { type GraphQLContext, writing } from '../../platform/graphql/graphql.context.js';
import { WriteArgs } from '../../platform/graphql/write.args.js';
import type { Token } from '../../store/token.store.js';
import { EnvironmentLoader } from '../environment/environment.loader.js';
import { EnvironmentType } from '../environment/environment.type.js';
import { TokenInput } from './token.input.js';
import { type CreatedToken, TokenService } from './token.service.js';
import { TokenConnection, TokenType } from './token.type.js';

@ArgsType()
class TokensArgs extends PageArgs {
  @Field(() => Boolean, { defaultValue: false, description: 'Also those that were revoked' })
  readonly revoked!: boolean;
}

@Resolver(() => TokenType)
export class TokenResolver {
  constructor(
    private readonly service: TokenService,
    private readonly environments: EnvironmentLoader,
  ) {}

  @Query(() => TokenType, { nullable: true, description: 'One token' })
  token(@Context() gql: GraphQLContext, @Args('id', { type: () => ID }) id: string): Promise<Token> {
    return this.service.get(gql.ctx, id);
  }

  @Query(() => TokenConnection, { description: 'The tokens' })
  async tokens(@Context() gql: GraphQLContext, @Args() args: TokensArgs) {
    const page = await this.service.list(gql.ctx, { revoked: args.revoked }, pagingOf(args));
    return new Connection(page, (token: Token) => token, args);
  }

  @Mutation(() => TokenType, {
    nullable: true,
    description: 'Create a token: its secret is in this reply and nowhere else',
  })
  createToken(
    @Context() gql: GraphQLContext,
    @Args('input', { type: () => TokenInput }) input: unknown,
    @Args() how: WriteArgs,
  ): Promise<CreatedToken> {
    return this.service.create(writing(gql, how), input);
  }

  @Mutation(() => Boolean, { nullable: true, description: 'Revoke a token, at once' })
  async revokeToken(
    @Context() gql: GraphQLContext,
    @Args('id', { type: () => ID }) id: string,
    @Args() how: WriteArgs,
  ): Promise<boolean> {
    await this.service.revoke(writing(gql, how), id);
    return true;
  }

  @ResolveField(() => EnvironmentType, { nullable: true, description: 'The one environment that it is bound to' })
  environment(token: Token, _: unknown, gql: GraphQLContext) {
    return token.environment === undefined ? null : this.environments.byName.load(gql, token.environment);
  }
}
