import { Field, InputType, OmitType, PartialType } from '@nestjs/graphql';
import { DescribedInput } from '../../platform/graphql/described.type.js';

@InputType()
export class TeamInput extends DescribedInput {
  @Field(() => String)
  readonly name!: string;
}

@InputType()
export class TeamPatch extends PartialType(OmitType(TeamInput, ['name'])) {}
