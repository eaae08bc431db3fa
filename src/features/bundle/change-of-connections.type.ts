import { Field, Int, ObjectType } from '@nestjs/graphql';
import { CONNECTION_CHANGE_KINDS, PROFILE_FACTS } from '../../domain/diff/change/change.js';
import { RISKS } from '../../domain/diff/change/risk.js';
import { enumOf } from '../../platform/graphql/enum-of.js';
import { PortRangeType } from '../../platform/graphql/parts.type.js';
import { EndpointType } from '../flow/flow-end.type.js';
import { Direction } from './network-policy.type.js';

const Risk = enumOf(
  'Risk',
  RISKS,
  'Whether more is allowed than before, less, or something more and something less (or it cannot be told)',
);
const ConnectionChangeKind = enumOf(
  'ConnectionChangeKind',
  CONNECTION_CHANGE_KINDS,
  'What happens to what one end may do to another',
);
const ProfileFact = enumOf('ProfileFact', PROFILE_FACTS, 'A fact of the cluster that decides what is rendered');

@ObjectType('DeclaredConnection', { description: 'What is declared on one side of a change; empty where nothing is' })
export class DeclaredConnectionType {
  @Field(() => [PortRangeType])
  readonly ports!: readonly PortRangeType[];

  @Field(() => [String], { description: 'The names of the flows that declare it' })
  readonly flows!: readonly string[];

  @Field(() => [String], {
    description: 'The objects that hold it, namespace/name: egress of the source, ingress of the destination',
  })
  readonly policies!: readonly string[];
}

@ObjectType('ChangedConnection', { description: 'Two ends between which something else is declared after than before' })
export class ChangedConnectionType {
  @Field(() => ConnectionChangeKind)
  readonly kind!: string;

  @Field(() => EndpointType)
  readonly from!: EndpointType;

  @Field(() => EndpointType)
  readonly to!: EndpointType;

  @Field(() => DeclaredConnectionType)
  readonly before!: DeclaredConnectionType;

  @Field(() => DeclaredConnectionType)
  readonly after!: DeclaredConnectionType;

  @Field(() => [PortRangeType], { description: 'Declared after and not before' })
  readonly gained!: readonly PortRangeType[];

  @Field(() => [PortRangeType], { description: 'Declared before and not after' })
  readonly lost!: readonly PortRangeType[];

  @Field(() => Risk)
  readonly risk!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Where an end came, went, or stands for other pods or addresses',
  })
  readonly reason?: string;

  @Field(() => [String], { description: 'Of the tiers at the ends' })
  readonly applications!: readonly string[];

  @Field(() => [String], { description: 'That own these applications' })
  readonly teams!: readonly string[];
}

@ObjectType('ChangedFact', { description: 'A fact of the profile that is another one' })
export class ChangedFactType {
  @Field(() => ProfileFact)
  readonly fact!: string;

  @Field(() => String)
  readonly before!: string;

  @Field(() => String)
  readonly after!: string;

  @Field(() => Risk)
  readonly risk!: string;
}

@ObjectType('IsolatedTier', { description: 'A tier whose pods are isolated on one side of a change only' })
export class IsolatedTierType {
  @Field(() => String, { description: 'application/tier' })
  readonly tier!: string;

  @Field(() => String)
  readonly namespace!: string;

  @Field(() => [Direction])
  readonly directions!: readonly string[];

  @Field(() => [String], { description: 'The objects that isolate it, namespace/name' })
  readonly policies!: readonly string[];
}

@ObjectType('Isolated', { description: 'What some object isolates on one side of a change and none on the other' })
export class IsolatedType {
  @Field(() => [IsolatedTierType])
  readonly tiers!: readonly IsolatedTierType[];

  @Field(() => [String], { description: 'Where the default deny isolates also the pods that no tier names' })
  readonly namespaces!: readonly string[];
}

@ObjectType('RiskCounts', { description: 'How many connections change, by risk' })
export class RiskCountsType {
  @Field(() => Int)
  readonly widens!: number;

  @Field(() => Int)
  readonly narrows!: number;

  @Field(() => Int)
  readonly both!: number;
}

@ObjectType('ApplicationRiskCounts', { description: 'The changed connections of an application, by risk' })
export class ApplicationRiskCountsType extends RiskCountsType {
  @Field(() => String)
  readonly application!: string;

  @Field(() => String, { nullable: true })
  readonly team?: string;
}

@ObjectType('TeamRiskCounts', { description: 'The changed connections of a team, by risk' })
export class TeamRiskCountsType extends RiskCountsType {
  @Field(() => String)
  readonly team!: string;
}

@ObjectType('ChangeSummary', {
  description: 'Changed connections by risk; one counts once for each application and each team at its ends',
})
export class ChangeSummaryType {
  @Field(() => RiskCountsType)
  readonly connections!: RiskCountsType;

  @Field(() => [ApplicationRiskCountsType])
  readonly byApplication!: readonly ApplicationRiskCountsType[];

  @Field(() => [TeamRiskCountsType])
  readonly byTeam!: readonly TeamRiskCountsType[];

  @Field(() => Int)
  readonly newlyIsolatedTiers!: number;

  @Field(() => Int)
  readonly noLongerIsolatedTiers!: number;
}

@ObjectType('ChangeOfConnections', { description: 'What differs in who may talk to whom, and what that means' })
export class ChangeOfConnectionsType {
  @Field(() => [ChangedConnectionType])
  readonly connections!: readonly ChangedConnectionType[];

  @Field(() => [ChangedFactType])
  readonly profile!: readonly ChangedFactType[];

  @Field(() => IsolatedType, {
    description: 'Isolated for the first time: traffic of these that no flow declares stops at the apply',
  })
  readonly newlyIsolated!: IsolatedType;

  @Field(() => IsolatedType, {
    description: 'Isolated before and not after: any traffic may pass from the apply on',
  })
  readonly noLongerIsolated!: IsolatedType;

  @Field(() => ChangeSummaryType)
  readonly summary!: ChangeSummaryType;

  @Field(() => Boolean, { defaultValue: true, description: 'false: lists were cut, the diff of two versions has all' })
  readonly complete!: boolean;
}
