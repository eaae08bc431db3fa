import { Field, Int, ObjectType } from '@nestjs/graphql';
import { connectionType } from '../../platform/graphql/connection.js';
import { enumOf } from '../../platform/graphql/enum-of.js';
import { DateTime, Json } from '../../platform/graphql/scalars.js';

const Action = enumOf('ChangeAction', ['create', 'update', 'delete'], 'What a write did');

@ObjectType('Change', { description: 'One write of the model: who, when, why, what' })
export class ChangeType {
  @Field(() => Int, { description: 'The revision that this write made' })
  readonly revision!: number;

  @Field(() => DateTime)
  readonly at!: string;

  @Field(() => String, { description: 'The name of the token' })
  readonly actor!: string;

  @Field(() => String, { nullable: true })
  readonly reason?: string;

  @Field(() => String, {
    description: 'team, application, tier, peer, environment, placement, flow, tag, webhook or webhook-key',
  })
  readonly resource!: string;

  @Field(() => String, { description: 'The name of the object, as in shop/frontend' })
  readonly name!: string;

  @Field(() => Action)
  readonly action!: string;

  @Field(() => Json, { nullable: true })
  readonly before?: object;

  @Field(() => Json, { nullable: true })
  readonly after?: object;
}

export const ChangeConnection = connectionType(ChangeType, 'Change');
