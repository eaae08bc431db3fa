import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { DeclaredConnection } from '../../domain/graph/declared.js';
import type { Endpoint } from '../../domain/model/entities.js';
import { EndpointType } from '../flow/flow-end.type.js';
import { AllowedConnectionType } from './connection.type.js';

/** What may be reached, or what may reach. */
export interface ReachNode {
  readonly endpoint: Endpoint;
  readonly distance: number;
  readonly hops: readonly DeclaredConnection[];
}

@ObjectType('Reach', { description: 'A tier or peer that may be reached, or that may reach, and a shortest way' })
export class ReachType {
  @Field(() => EndpointType, { description: 'By name; end is the object' })
  readonly endpoint!: EndpointType;

  @Field(() => Int, { description: 'How many hops: 1 is directly' })
  readonly distance!: number;

  @Field(() => [AllowedConnectionType], { description: 'The way from source to destination, each hop with its flows' })
  readonly hops!: readonly AllowedConnectionType[];
}
