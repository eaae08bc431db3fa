import { Field, InputType, Int, ObjectType } from '@nestjs/graphql';
import { PROTOCOLS } from '../../domain/model/ports.js';
import { OPERATORS } from '../../domain/model/selector.js';
import { enumOf } from './enum-of.js';
import { Labels } from './scalars.js';

// What objects of the model are made of. Read and written in the same shape, so each class is both a type and an input.

export const Protocol = enumOf('Protocol', PROTOCOLS, 'The protocols that a NetworkPolicy can name');
const Operator = enumOf('LabelOperator', OPERATORS, 'How a requirement compares a label');

@ObjectType('Link', { description: 'A link for people' })
@InputType('LinkInput')
export class LinkType {
  @Field(() => String)
  readonly title!: string;

  @Field(() => String)
  readonly url!: string;
}

@ObjectType('LabelRequirement')
@InputType('LabelRequirementInput')
export class LabelRequirementType {
  @Field(() => String)
  readonly key!: string;

  @Field(() => Operator)
  readonly operator!: string;

  @Field(() => [String], { nullable: true, description: 'For In and NotIn' })
  readonly values?: readonly string[];
}

@ObjectType('LabelSelector', { description: 'All of it must hold; the empty one matches everything' })
@InputType('LabelSelectorInput')
export class LabelSelectorType {
  @Field(() => Labels, { nullable: true })
  readonly matchLabels?: object;

  @Field(() => [LabelRequirementType], { nullable: true })
  readonly matchExpressions?: readonly LabelRequirementType[];
}

@ObjectType('PortRange', { description: 'Pod ports, never Service ports: one port, or port to endPort' })
@InputType('PortRangeInput')
export class PortRangeType {
  @Field(() => Protocol, { defaultValue: 'TCP' })
  readonly protocol!: string;

  @Field(() => Int)
  readonly port!: number;

  @Field(() => Int, { nullable: true })
  readonly endPort?: number;
}

@ObjectType('NamedPort', { description: 'A pod port that flows refer to by name' })
@InputType('NamedPortInput')
export class NamedPortType extends PortRangeType {
  @Field(() => String)
  readonly name!: string;
}

@ObjectType('CidrBlock', { description: 'The addresses of cidr without those of except' })
@InputType('CidrBlockInput')
export class CidrBlockType {
  @Field(() => String)
  readonly cidr!: string;

  @Field(() => [String], { nullable: true })
  readonly except?: readonly string[];
}
