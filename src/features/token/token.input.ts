import { Field, InputType } from '@nestjs/graphql';
import { DateTime } from '../../platform/graphql/scalars.js';
import { ScopeEnum } from './token.type.js';

@InputType()
export class TokenInput {
  @Field(() => String, { description: 'Who this is: the change log names it' })
  readonly name!: string;

  @Field(() => [ScopeEnum])
  readonly scopes!: readonly string[];

  @Field(() => String, { nullable: true, description: 'Binds the token to one environment' })
  readonly environment?: string;

  @Field(() => DateTime, { nullable: true, description: 'Never, where absent' })
  readonly expiresAt?: string;
}
