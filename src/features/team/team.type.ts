import { Field, ObjectType } from '@nestjs/graphql';
import { DescribedType } from '../../platform/graphql/described.type.js';

@ObjectType('Team', { description: 'Owns applications' })
export class TeamType extends DescribedType {
  @Field(() => String)
  readonly name!: string;
}
