import { Field, InputType, ObjectType } from '@nestjs/graphql';
import { PEER_KINDS } from '../../domain/model/entities.js';
import { DescribedType } from '../../platform/graphql/described.type.js';
import { enumOf } from '../../platform/graphql/enum-of.js';
import { CidrBlockType, LabelSelectorType } from '../../platform/graphql/parts.type.js';

export const PeerKind = enumOf('PeerKind', PEER_KINDS, 'What a peer stands for');

@ObjectType('PeerBlock', { description: 'A block of a cidr peer: in all environments, or in those it names' })
@InputType('PeerBlockInput')
export class PeerBlockType extends CidrBlockType {
  @Field(() => [String], { nullable: true })
  readonly environments?: readonly string[];
}

@ObjectType('Peer', { description: 'Anything a flow can touch that is not a tier' })
export class PeerType extends DescribedType {
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

  @Field(() => [PeerBlockType], { nullable: true, description: 'Of kind cidr' })
  readonly blocks?: readonly PeerBlockType[];

  @Field(() => [String], { nullable: true, description: 'Of kind internet; absent: the private ranges' })
  readonly except?: readonly string[];
}
