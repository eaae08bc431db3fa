import { Field, Int, ObjectType } from '@nestjs/graphql';
import { ORIGIN_KINDS } from '../../domain/model/origin.js';
import { connectionType } from '../../platform/graphql/connection.js';
import { enumOf } from '../../platform/graphql/enum-of.js';
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

const OriginKindEnum = enumOf('OriginKind', ORIGIN_KINDS, 'Where the content of a version comes from');

@ObjectType('Origin', {
  description: 'The working model, a version of another environment, or an earlier version of its own',
})
export class OriginType {
  @Field(() => OriginKindEnum)
  readonly kind!: string;

  @Field(() => Int, { nullable: true, description: 'Of a promotion or a rollback; it may be removed by now' })
  readonly version?: number;
}

@ObjectType('Bundle', { description: 'A published version of an environment: it never changes' })
export class BundleType {
  @Field(() => Int)
  readonly version!: number;

  @Field(() => String, { description: 'sha256 of the YAML stream: the identity of the content' })
  readonly digest!: string;

  @Field(() => Int, {
    description:
      'The revision of the model that was rendered: of a promotion that of its version, of a rollback that of then',
  })
  readonly revision!: number;

  @Field(() => OriginType, { description: 'Where its content comes from' })
  readonly origin!: OriginType;

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
