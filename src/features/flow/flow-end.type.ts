import { createUnionType, Field, InputType, ObjectType } from '@nestjs/graphql';
import { PeerType } from '../peer/peer.type.js';
import { TierType } from '../tier/tier.type.js';

/** One end of a flow, followed to the object. */
export const FlowEnd = createUnionType({
  name: 'FlowEnd',
  description: 'What a flow can start or end at',
  types: () => [TierType, PeerType] as const,
  resolveType: (end: object) => ('podSelector' in end && 'application' in end ? TierType : PeerType),
});

@ObjectType('Endpoint', { description: 'One end of a flow as it is declared: a tier or a peer, by name' })
@InputType('EndpointInput', { description: 'A tier or a peer: one of the two' })
export class EndpointType {
  @Field(() => String, { nullable: true, description: 'application/tier' })
  readonly tier?: string;

  @Field(() => String, { nullable: true, description: 'The name of a peer' })
  readonly peer?: string;
}
