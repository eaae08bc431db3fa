import { Field, InputType, OmitType, PartialType } from '@nestjs/graphql';
import { DescribedInput } from '../../platform/graphql/described.type.js';
import { LabelSelectorType, NamedPortType } from '../../platform/graphql/parts.type.js';

@InputType()
export class TierInput extends DescribedInput {
  @Field(() => String, { description: 'The name of its application' })
  readonly application!: string;

  @Field(() => String)
  readonly name!: string;

  @Field(() => LabelSelectorType)
  readonly podSelector!: LabelSelectorType;

  @Field(() => [NamedPortType], { nullable: true, description: 'None where absent' })
  readonly ports?: readonly NamedPortType[];
}

@InputType()
export class TierPatch extends PartialType(OmitType(TierInput, ['application', 'name'])) {}
