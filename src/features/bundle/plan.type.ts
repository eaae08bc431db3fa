import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { STEP_ACTIONS, STEP_REASONS } from '../../domain/plan/step.js';
import { enumOf } from '../../platform/graphql/enum-of.js';
import { Json } from '../../platform/graphql/scalars.js';
import { EditionType } from './changes.type.js';
import { VERSION_TEXT } from './version-ref.js';

const StepAction = enumOf('PlanAction', STEP_ACTIONS, 'What a step does to an object');
const StepReason = enumOf('PlanReason', STEP_REASONS, 'Why an object is touched at this place of the plan');

@ArgsType()
export class FromArgs {
  @Field(() => String, {
    nullable: true,
    description: 'The version that is there: a number, latest, a tag, or draft; without it an empty cluster',
  })
  readonly from?: string | null;
}

@ArgsType()
export class EditionFromArgs extends FromArgs {
  @Field(() => String, { defaultValue: 'draft', description: VERSION_TEXT })
  readonly version!: string;
}

@ObjectType('ApplySet', {
  description: 'What kubectl prunes by: the id of a set of objects, and the object that stands for it',
})
export class ApplySetType {
  @Field(() => String, { description: 'The value of the label applyset.kubernetes.io/part-of of its members' })
  readonly id!: string;

  @Field(() => String)
  readonly kind!: string;

  @Field(() => String)
  readonly namespace!: string;

  @Field(() => String)
  readonly name!: string;
}

@ObjectType('PlanStep', { description: 'One object to create, change or delete' })
export class PlanStepType {
  @Field(() => Int)
  readonly number!: number;

  @Field(() => StepAction)
  readonly action!: string;

  @Field(() => StepReason)
  readonly reason!: string;

  @Field(() => String)
  readonly namespace!: string;

  @Field(() => String)
  readonly name!: string;

  @Field(() => String, { description: 'In a sentence' })
  readonly why!: string;

  @Field(() => Json, { nullable: true, description: 'The NetworkPolicy to apply; not there where one is deleted' })
  readonly object?: object;
}

@ObjectType('Prune', { description: 'NetworkPolicies of a namespace that the later version does not have' })
export class PruneType {
  @Field(() => String)
  readonly namespace!: string;

  @Field(() => [String])
  readonly objects!: readonly string[];

  @Field(() => Boolean, { description: 'The later version has nothing in this namespace' })
  readonly namespaceLeaves!: boolean;
}

@ObjectType('Plan', {
  description: 'The way from one version to another, so that at no step a connection is denied that both allow',
})
export class PlanType {
  @Field(() => EditionType, { nullable: true, description: 'Not there: from an empty cluster' })
  readonly from?: EditionType;

  @Field(() => EditionType)
  readonly to!: EditionType;

  @Field(() => [PlanStepType])
  readonly steps!: readonly PlanStepType[];

  @Field(() => [PruneType])
  readonly prune!: readonly PruneType[];
}

@ObjectType('InventoryNamespace', { description: 'Every object of a version in one namespace' })
export class InventoryNamespaceType {
  @Field(() => String)
  readonly namespace!: string;

  @Field(() => [String])
  readonly objects!: readonly string[];

  @Field(() => ApplySetType)
  readonly applySet!: ApplySetType;
}

@ObjectType('Inventory', { description: 'Every object of a version, by namespace' })
export class InventoryType {
  @Field(() => String, { description: 'A number, or draft' })
  readonly version!: string;

  @Field(() => String)
  readonly digest!: string;

  @Field(() => Int, { description: 'How many objects there are' })
  readonly objects!: number;

  @Field(() => ApplySetType)
  readonly applySet!: ApplySetType;

  @Field(() => [InventoryNamespaceType])
  readonly namespaces!: readonly InventoryNamespaceType[];

  @Field(() => [PruneType], { nullable: true, description: 'Against the version `from`' })
  readonly prune?: readonly PruneType[];
}
