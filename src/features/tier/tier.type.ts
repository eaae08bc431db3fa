import { Field, ObjectType } from '@nestjs/graphql';
import { DescribedType } from '../../platform/graphql/described.type.js';
import { LabelSelectorType, NamedPortType } from '../../platform/graphql/parts.type.js';

@ObjectType('Tier', { description: 'One part of an application: pods with the same labels, and their named ports' })
export class TierType extends DescribedType {
  @Field(() => String)
  readonly name!: string;

  @Field(() => LabelSelectorType)
  readonly podSelector!: LabelSelectorType;

  @Field(() => [NamedPortType])
  readonly ports!: readonly NamedPortType[];
}
