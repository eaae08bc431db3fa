import { Field, InputType, Int, ObjectType } from '@nestjs/graphql';
import { DescribedType } from '../../platform/graphql/described.type.js';
import { Protocol } from '../../platform/graphql/parts.type.js';
import { EndpointType } from './flow-end.type.js';

@ObjectType('FlowPort', { description: 'The name of a port of the destination tier, or a number' })
@InputType('FlowPortInput', {
  description: 'The name of a port of the destination tier, or protocol, port and perhaps endPort',
})
export class FlowPortType {
  @Field(() => String, { nullable: true })
  readonly name?: string;

  @Field(() => Protocol, { nullable: true })
  readonly protocol?: string;

  @Field(() => Int, { nullable: true })
  readonly port?: number;

  @Field(() => Int, { nullable: true })
  readonly endPort?: number;
}

@ObjectType('Flow', { description: 'One allowed connection: egress of its source, ingress of its destination' })
export class FlowType extends DescribedType {
  @Field(() => String)
  readonly name!: string;

  @Field(() => EndpointType, { description: 'As declared; source is the object' })
  readonly from!: EndpointType;

  @Field(() => EndpointType, { description: 'As declared; destination is the object' })
  readonly to!: EndpointType;

  @Field(() => String, { nullable: true })
  readonly reason?: string;
}
