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

@ObjectType('Path', { description: 'A way from one end to another, hop by hop' })
export class PathType {
  @Field(() => EndpointType)
  readonly from!: EndpointType;

  @Field(() => EndpointType)
  readonly to!: EndpointType;

  @Field(() => [AllowedConnectionType])
  readonly hops!: readonly AllowedConnectionType[];
}

@ObjectType('Paths', { description: 'Ways over several hops, shortest first' })
export class PathsType {
  @Field(() => [PathType])
  readonly paths!: readonly PathType[];

  @Field(() => Boolean, { description: 'false: there may be more ways than the search may look at' })
  readonly complete!: boolean;
}
