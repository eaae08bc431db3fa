import { Field, InputType, OmitType, PartialType } from '@nestjs/graphql';
import { DescribedInput } from '../../platform/graphql/described.type.js';

@InputType()
export class ApplicationInput extends DescribedInput {
  @Field(() => String)
  readonly name!: string;

  @Field(() => String, { description: 'The name of its team' })
  readonly team!: string;
}

@InputType()
export class ApplicationPatch extends PartialType(OmitType(ApplicationInput, ['name'])) {}
