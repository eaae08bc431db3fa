import { Field, Int, ObjectType } from '@nestjs/graphql';
import { connectionType } from '../../platform/graphql/connection.js';
import { DateTime } from '../../platform/graphql/scalars.js';
import { ChangeOfConnectionsType } from './change-of-connections.type.js';
import { FindingType } from './finding.type.js';
import { ProofSummaryType } from './proof.type.js';

@ObjectType('BundleCounts', { description: 'How much there is in a bundle' })
export class BundleCountsType {
  @Field(() => Int)
  readonly namespaces!: number;

  @Field(() => Int)
  readonly objects!: number;

  @Field(() => Int)
  readonly flows!: number;
}

@ObjectType('Bundle', { description: 'A published version of an environment: it never changes' })
export class BundleType {
  @Field(() => Int)
  readonly version!: number;

  @Field(() => String, { description: 'sha256 of the YAML stream: the identity of the content' })
  readonly digest!: string;

  @Field(() => Int, { description: 'The revision of the model that was rendered' })
  readonly revision!: number;

  @Field(() => BundleCountsType)
  readonly counts!: BundleCountsType;

  @Field(() => [FindingType])
  readonly findings!: readonly FindingType[];

  @Field(() => ProofSummaryType)
  readonly proof!: ProofSummaryType;

  @Field(() => ChangeOfConnectionsType, { description: 'Against the version before' })
  readonly changes!: ChangeOfConnectionsType;

  @Field(() => String, { nullable: true })
  readonly message?: string;

  @Field(() => String, { nullable: true })
  readonly reason?: string;

  @Field(() => String)
  readonly publishedBy!: string;

  @Field(() => DateTime)
  readonly publishedAt!: string;
}

export const BundleConnection = connectionType(BundleType, 'Bundle');

@ObjectType('Published')
export class PublishedType {
  @Field(() => BundleType)
  readonly bundle!: BundleType;

  @Field(() => Boolean, { description: 'false: the latest version has the same content, and stands' })
  readonly created!: boolean;
}
