import { Field, ObjectType } from '@nestjs/graphql';
import { DescribedType } from '../../platform/graphql/described.type.js';

@ObjectType('Application', { description: 'What a team ships; made of tiers' })
export class ApplicationType extends DescribedType {
  @Field(() => String)
  readonly name!: string;
}
