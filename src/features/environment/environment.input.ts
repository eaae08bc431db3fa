import { Field, InputType, OmitType, PartialType } from '@nestjs/graphql';
import { DescribedInput } from '../../platform/graphql/described.type.js';
import { LabelSelectorType, PortRangeType } from '../../platform/graphql/parts.type.js';

@InputType({ description: 'What is absent is as in kube-dns' })
export class DnsProfileInput {
  @Field(() => LabelSelectorType, { nullable: true })
  readonly namespaceSelector?: LabelSelectorType;

  @Field(() => LabelSelectorType, { nullable: true })
  readonly podSelector?: LabelSelectorType;

  @Field(() => [PortRangeType], { nullable: true })
  readonly ports?: readonly PortRangeType[];

  @Field(() => [String], { nullable: true })
  readonly nodeLocalCidrs?: readonly string[];
}

@InputType()
export class MonitoringProfileInput {
  @Field(() => LabelSelectorType)
  readonly namespaceSelector!: LabelSelectorType;

  @Field(() => LabelSelectorType, { nullable: true, description: 'All pods, where absent' })
  readonly podSelector?: LabelSelectorType;

  @Field(() => [String], { nullable: true, description: 'metrics, where absent' })
  readonly portNames?: readonly string[];
}

@InputType()
export class MonitoringProfilePatch extends PartialType(MonitoringProfileInput) {}

@InputType()
export class ProfileInput {
  @Field(() => Boolean, { nullable: true, description: 'true, where absent' })
  readonly defaultDeny?: boolean;

  @Field(() => DnsProfileInput, { nullable: true, description: 'null renders no DNS rule; absent is kube-dns' })
  readonly dns?: DnsProfileInput | null;

  @Field(() => [String], { nullable: true })
  readonly nodeCidrs?: readonly string[];

  @Field(() => [String], { nullable: true })
  readonly apiServerCidrs?: readonly string[];

  @Field(() => MonitoringProfileInput, { nullable: true })
  readonly monitoring?: MonitoringProfileInput | null;
}

@InputType()
export class ProfilePatch extends OmitType(ProfileInput, ['dns', 'monitoring']) {
  @Field(() => DnsProfileInput, {
    nullable: true,
    description: 'null renders no DNS rule, as in a create; absent is as it stands',
  })
  readonly dns?: DnsProfileInput | null;

  @Field(() => MonitoringProfilePatch, { nullable: true })
  readonly monitoring?: MonitoringProfilePatch | null;
}

@InputType()
export class EnvironmentInput extends DescribedInput {
  @Field(() => String)
  readonly name!: string;

  @Field(() => ProfileInput, { nullable: true })
  readonly profile?: ProfileInput;
}

@InputType()
export class EnvironmentPatch extends PartialType(OmitType(EnvironmentInput, ['name', 'profile'])) {
  @Field(() => ProfilePatch, { nullable: true })
  readonly profile?: ProfilePatch;
}
