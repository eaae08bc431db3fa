import { Field, Int, ObjectType } from '@nestjs/graphql';
import { OBJECT_CHANGE_KINDS } from '../../domain/diff/objects.js';
import { enumOf } from '../../platform/graphql/enum-of.js';
import { BundleCountsType } from './bundle.type.js';
import { ChangeOfConnectionsType } from './change-of-connections.type.js';
import { FindingType } from './finding.type.js';
import { ProofType } from './proof.type.js';

const ObjectChangeKind = enumOf('ObjectChangeKind', OBJECT_CHANGE_KINDS, 'What happens to an object');

@ObjectType('ObjectChange', { description: 'A NetworkPolicy that two bundles do not share' })
export class ObjectChangeType {
  @Field(() => ObjectChangeKind)
  readonly kind!: string;

  @Field(() => String)
  readonly namespace!: string;

  @Field(() => String)
  readonly name!: string;
}

@ObjectType('FlowChange', { description: 'A flow that two bundles render differently' })
export class FlowChangeType {
  @Field(() => String, { description: 'flow-added, flow-removed, flow-source-changed, ...' })
  readonly kind!: string;

  @Field(() => String, { nullable: true })
  readonly before?: string;

  @Field(() => String, { nullable: true })
  readonly after?: string;
}

@ObjectType('BundleChanges', { description: 'What differs: objects, flows, and who may talk to whom' })
export class BundleChangesType extends ChangeOfConnectionsType {
  @Field(() => [ObjectChangeType])
  readonly objects!: readonly ObjectChangeType[];

  @Field(() => [FlowChangeType])
  readonly flows!: readonly FlowChangeType[];
}

@ObjectType('Edition', { description: 'A version, or the working model as draft' })
export class EditionType {
  @Field(() => String, { description: 'A number, or draft' })
  readonly version!: string;

  @Field(() => String)
  readonly digest!: string;
}

@ObjectType('BundleDiff', { description: 'The way from one bundle to another' })
export class BundleDiffType extends BundleChangesType {
  @Field(() => EditionType)
  readonly before!: EditionType;

  @Field(() => EditionType)
  readonly after!: EditionType;
}

@ObjectType('Preview', { description: 'What publishing now would do' })
export class PreviewType {
  @Field(() => Int)
  readonly revision!: number;

  @Field(() => String)
  readonly digest!: string;

  @Field(() => Boolean, { description: 'false: the content is that of the latest version, or a finding is an error' })
  readonly wouldPublish!: boolean;

  @Field(() => Int, { description: '0: nothing was published yet' })
  readonly latestVersion!: number;

  @Field(() => Int)
  readonly nextVersion!: number;

  @Field(() => BundleCountsType)
  readonly counts!: BundleCountsType;

  @Field(() => BundleChangesType)
  readonly changes!: BundleChangesType;

  @Field(() => [FindingType])
  readonly findings!: readonly FindingType[];

  @Field(() => ProofType)
  readonly proof!: ProofType;
}
