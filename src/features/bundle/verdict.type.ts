import { Field, Int, ObjectType } from '@nestjs/graphql';
import { MISSING, SIDE_BASES } from '../../domain/verdict/verdict.js';
import { enumOf } from '../../platform/graphql/enum-of.js';
import { PortRangeType } from '../../platform/graphql/parts.type.js';
import { Json } from '../../platform/graphql/scalars.js';
import { FindingType } from './finding.type.js';
import { Direction } from './network-policy.type.js';

const SideBasis = enumOf('VerdictBasis', SIDE_BASES, 'Why a side allows what it allows');
const MissingCode = enumOf('VerdictMissingCode', MISSING, 'What a denial comes from');

@ObjectType('VerdictRule', { description: 'A rule that lets the other end through, on the port that was asked about' })
export class VerdictRuleType {
  @Field(() => Int, { description: 'Its number in the object, from 1' })
  readonly rule!: number;

  @Field(() => [PortRangeType], { description: 'On which it lets the other end through' })
  readonly ports!: readonly PortRangeType[];

  @Field(() => [String], { description: 'The names of the flows that it came from' })
  readonly flowNames!: readonly string[];

  @Field(() => [String], { description: 'What it came from of the profile: dns, monitoring' })
  readonly profile!: readonly string[];
}

@ObjectType('VerdictObject', { description: 'A NetworkPolicy that isolates a side' })
export class VerdictObjectType {
  @Field(() => String, { description: 'The namespace in which it holds' })
  readonly namespace!: string;

  @Field(() => String, { description: 'As in allow-frontend-egress' })
  readonly name!: string;

  @Field(() => [PortRangeType], { description: 'On which it lets the other end through' })
  readonly ports!: readonly PortRangeType[];

  @Field(() => [VerdictRuleType], { description: 'Those that let the other end through' })
  readonly rules!: readonly VerdictRuleType[];
}

@ObjectType('VerdictSide', { description: 'Egress of the source, or ingress of the destination' })
export class VerdictSideType {
  @Field(() => Direction, { description: 'Out of the source, or into the destination' })
  readonly direction!: string;

  @Field(() => String, { description: 'Whose side it is, as it was asked about' })
  readonly subject!: string;

  @Field(() => SideBasis, { description: 'policies: objects decide; any other: why none does' })
  readonly basis!: string;

  @Field(() => [PortRangeType], { description: 'On which this side lets the connection through' })
  readonly ports!: readonly PortRangeType[];

  @Field(() => [VerdictObjectType], { description: 'All that isolate the subject in this direction' })
  readonly objects!: readonly VerdictObjectType[];
}

@ObjectType('VerdictFlow', { description: 'A flow behind an answer, as it stands in that edition' })
export class VerdictFlowType {
  @Field(() => String, { description: 'Of the flow' })
  readonly name!: string;

  @Field(() => String, { nullable: true, description: 'Why there is such a flow, as it was declared' })
  readonly reason?: string;
}

@ObjectType('VerdictMissing', { description: 'One thing that stands in the way' })
export class VerdictMissingType {
  @Field(() => MissingCode, { description: 'no_flow, other_ports, not_placed, ...' })
  readonly code!: string;

  @Field(() => Direction, { nullable: true, description: 'Not there where it is about an end as a whole' })
  readonly direction?: string;

  @Field(() => String, { description: 'The end that it is about, as it was asked about' })
  readonly subject!: string;

  @Field(() => [String], { description: 'namespace/name of the objects that isolate the subject' })
  readonly objects!: readonly string[];

  @Field(() => [String], { description: 'The names of the flows between the two ends' })
  readonly flows!: readonly string[];

  @Field(() => String, { description: 'What the model lacks' })
  readonly why!: string;

  @Field(() => String, { description: 'What the objects do' })
  readonly detail!: string;
}

@ObjectType('Mend', { description: 'One write of the model that would help, as REST takes it' })
export class MendType {
  @Field(() => String, { description: 'POST, PUT or PATCH' })
  readonly method!: string;

  @Field(() => String, { description: 'As in /v1/flows' })
  readonly path!: string;

  @Field(() => Json, { nullable: true, description: 'Not there where only people know what to say' })
  readonly body?: object;

  @Field(() => String, { description: 'The same in words' })
  readonly detail!: string;
}

@ObjectType('Verdict', { description: 'May one reach the other, and why' })
export class VerdictType {
  @Field(() => String, { description: 'A number, or draft' })
  readonly version!: string;

  @Field(() => Int, { description: 'The revision of the model that the answer is of' })
  readonly revision!: number;

  @Field(() => String, { description: 'As it was asked about; source is the object' })
  readonly from!: string;

  @Field(() => String, { description: 'As it was asked about; destination is the object' })
  readonly to!: string;

  @Field(() => PortRangeType, { nullable: true, description: 'The port that was asked about' })
  readonly port?: PortRangeType;

  @Field(() => Boolean, {
    description: 'Of the port that was asked about; without one, whether there is any port',
  })
  readonly allowed!: boolean;

  @Field(() => [PortRangeType], { description: 'Every port on which the one may reach the other' })
  readonly ports!: readonly PortRangeType[];

  @Field(() => VerdictSideType, { description: 'Of the source' })
  readonly egress!: VerdictSideType;

  @Field(() => VerdictSideType, { description: 'Of the destination' })
  readonly ingress!: VerdictSideType;

  @Field(() => [VerdictFlowType], { description: 'The flows behind it: those that name both ends first' })
  readonly flows!: readonly VerdictFlowType[];

  @Field(() => [VerdictMissingType], { description: 'What stands in the way, where it is denied' })
  readonly missing!: readonly VerdictMissingType[];

  @Field(() => [FindingType], { description: 'Where a cluster may behave otherwise' })
  readonly caveats!: readonly FindingType[];
}
