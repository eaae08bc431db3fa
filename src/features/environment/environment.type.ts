import { Field, ObjectType } from '@nestjs/graphql';
import { DescribedType } from '../../platform/graphql/described.type.js';
import { LabelSelectorType, PortRangeType } from '../../platform/graphql/parts.type.js';

@ObjectType('DnsProfile', { description: 'How pods of this cluster resolve names' })
export class DnsProfileType {
  @Field(() => LabelSelectorType)
  readonly namespaceSelector!: LabelSelectorType;

  @Field(() => LabelSelectorType)
  readonly podSelector!: LabelSelectorType;

  @Field(() => [PortRangeType])
  readonly ports!: readonly PortRangeType[];

  @Field(() => [String], { nullable: true })
  readonly nodeLocalCidrs?: readonly string[];
}

@ObjectType('MonitoringProfile', {
  description: 'Pods that may reach every tier with a port of one of these names',
})
export class MonitoringProfileType {
  @Field(() => LabelSelectorType)
  readonly namespaceSelector!: LabelSelectorType;

  @Field(() => LabelSelectorType)
  readonly podSelector!: LabelSelectorType;

  @Field(() => [String])
  readonly portNames!: readonly string[];
}

@ObjectType('Profile', { description: 'The facts of a cluster that make rendering right' })
export class ProfileType {
  @Field(() => Boolean)
  readonly defaultDeny!: boolean;

  @Field(() => DnsProfileType, { nullable: true, description: 'null: no DNS rule is rendered' })
  readonly dns!: DnsProfileType | null;

  @Field(() => [String])
  readonly nodeCidrs!: readonly string[];

  @Field(() => [String])
  readonly apiServerCidrs!: readonly string[];

  @Field(() => MonitoringProfileType, { nullable: true })
  readonly monitoring!: MonitoringProfileType | null;
}

@ObjectType('Environment', {
  description: 'A cluster, or part of one, with its own placements, profile and versions',
})
export class EnvironmentType extends DescribedType {
  @Field(() => String)
  readonly name!: string;

  @Field(() => ProfileType)
  readonly profile!: ProfileType;
}
