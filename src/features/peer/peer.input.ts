import { Field, InputType, OmitType, PartialType } from '@nestjs/graphql';
import { DescribedInput } from '../../platform/graphql/described.type.js';
import { LabelSelectorType } from '../../platform/graphql/parts.type.js';
import { PeerBlockType, PeerKind } from './peer.type.js';

@InputType()
export class PeerInput extends DescribedInput {
  @Field(() => String)
  readonly name!: string;

  @Field(() => PeerKind)
  readonly kind!: string;

  @Field(() => LabelSelectorType, {
    nullable: true,
    description: 'Of kind pods; absent: the namespace of the other end',
  })
  readonly namespaceSelector?: LabelSelectorType;

  @Field(() => LabelSelectorType, { nullable: true, description: 'Of kind pods; absent: all pods there' })
  readonly podSelector?: LabelSelectorType;

  @Field(() => [PeerBlockType], { nullable: true, description: 'Of kind cidr, which needs them' })
  readonly blocks?: readonly PeerBlockType[];

  @Field(() => [String], { nullable: true, description: 'Of kind internet; absent: the private ranges' })
  readonly except?: readonly string[];
}

@InputType()
export class PeerPatch extends PartialType(OmitType(PeerInput, ['name'])) {}
