import { Field, ObjectType } from '@nestjs/graphql';
import { PortRangeType } from '../../platform/graphql/parts.type.js';
import { EndpointType } from '../flow/flow-end.type.js';

@ObjectType('AllowedConnection', { description: 'What an environment allows between two ends' })
export class AllowedConnectionType {
  @Field(() => EndpointType)
  readonly from!: EndpointType;

  @Field(() => EndpointType)
  readonly to!: EndpointType;

  @Field(() => [PortRangeType])
  readonly ports!: readonly PortRangeType[];
}
