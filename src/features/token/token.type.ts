import { Field, ID, ObjectType } from '@nestjs/graphql';
import { SCOPES } from '../../domain/scope.js';
import { connectionType } from '../../platform/graphql/connection.js';
import { enumOf } from '../../platform/graphql/enum-of.js';
import { DateTime } from '../../platform/graphql/scalars.js';

export const ScopeEnum = enumOf('Scope', SCOPES, 'What a token may do; admin may do everything');

@ObjectType('Token', { description: 'A token of the API' })
export class TokenType {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String)
  readonly name!: string;

  @Field(() => [ScopeEnum])
  readonly scopes!: readonly string[];

  @Field(() => String)
  readonly createdBy!: string;

  @Field(() => DateTime)
  readonly createdAt!: string;

  @Field(() => String, { nullable: true })
  readonly reason?: string;

  @Field(() => DateTime, { nullable: true })
  readonly expiresAt?: string;

  @Field(() => DateTime, { nullable: true })
  readonly lastUsedAt?: string;

  @Field(() => DateTime, { nullable: true })
  readonly revokedAt?: string;

  @Field(() => String, { nullable: true })
  readonly revokedBy?: string;

  @Field(() => String, { nullable: true, description: 'The secret: shown once, in the reply to the creation' })
  readonly token?: string;
}

export const TokenConnection = connectionType(TokenType, 'Token');
