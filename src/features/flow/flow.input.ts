import { Field, InputType, OmitType, PartialType } from '@nestjs/graphql';
import { DescribedInput } from '../../platform/graphql/described.type.js';
import { EndpointType } from './flow-end.type.js';
import { FlowPortType } from './flow.type.js';

@InputType()
export class FlowInput extends DescribedInput {
  @Field(() => String)
  readonly name!: string;

  @Field(() => EndpointType)
  readonly from!: EndpointType;

  @Field(() => EndpointType)
  readonly to!: EndpointType;

  @Field(() => [FlowPortType])
  readonly ports!: readonly FlowPortType[];

  @Field(() => [String], { nullable: true, description: 'Names of environments; all of them, where absent' })
  readonly environments?: readonly string[];

  @Field(() => String, { nullable: true })
  readonly reason?: string;
}

@InputType()
export class FlowPatch extends PartialType(OmitType(FlowInput, ['name'])) {}
