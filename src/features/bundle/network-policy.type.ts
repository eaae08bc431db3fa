import { Field, Int, ObjectType } from '@nestjs/graphql';
import { enumOf } from '../../platform/graphql/enum-of.js';

export const Direction = enumOf('Direction', ['ingress', 'egress'], 'Which side of a connection an object rules');

@ObjectType('NetworkPolicy', { description: 'One Kubernetes object of a bundle, and where it came from' })
export class NetworkPolicyType {
  @Field(() => String)
  readonly namespace!: string;

  @Field(() => String)
  readonly name!: string;

  @Field(() => Int, { description: 'Of the bundle that it is part of' })
  readonly version!: number;

  @Field(() => Direction, { nullable: true, description: 'Not there for the default deny, which rules both' })
  readonly direction?: string;

  @Field(() => [String], { description: 'The names of the flows that it came from, as they were at the publish' })
  readonly flowNames!: readonly string[];
}
