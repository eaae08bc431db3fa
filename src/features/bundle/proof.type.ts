import { Field, Int, ObjectType } from '@nestjs/graphql';
import { enumOf } from '../../platform/graphql/enum-of.js';
import { FindingType } from './finding.type.js';
import { Direction } from './network-policy.type.js';

@ObjectType('ProofCompared', { description: 'How much a proof looked at' })
export class ProofComparedType {
  @Field(() => Int)
  readonly tiers!: number;

  @Field(() => Int)
  readonly flows!: number;

  @Field(() => Int)
  readonly objects!: number;

  @Field(() => Int, { description: 'Pods made up for the proof' })
  readonly probes!: number;

  @Field(() => Int, { description: 'Ranges of addresses that no block tells apart' })
  readonly ranges!: number;

  @Field(() => Int, { description: 'Questions answered' })
  readonly pairs!: number;
}

@ObjectType('ProofSummary', { description: 'The bytes of the version allow exactly what its snapshot declares' })
export class ProofSummaryType {
  @Field(() => Boolean)
  readonly equal!: boolean;

  @Field(() => String, { description: 'sha256 of the bytes that were read again' })
  readonly digest!: string;

  @Field(() => ProofComparedType)
  readonly compared!: ProofComparedType;

  @Field(() => [FindingType], { description: 'Where a cluster may behave otherwise than one would think' })
  readonly caveats!: readonly FindingType[];
}

const DifferenceKind = enumOf(
  'ProofDifferenceKind',
  ['too-much', 'too-little'],
  'Allowed and not declared, or the reverse',
);

@ObjectType('ProofDifference', { description: 'Ports on which one side is not as declared' })
export class ProofDifferenceType {
  @Field(() => DifferenceKind)
  readonly kind!: string;

  @Field(() => Direction)
  readonly direction!: string;

  @Field(() => String, { description: 'application/tier, or a pod of no tier' })
  readonly subject!: string;

  @Field(() => String)
  readonly other!: string;

  @Field(() => String)
  readonly ports!: string;

  @Field(() => [String], { description: 'namespace/name' })
  readonly policies!: readonly string[];

  @Field(() => [String])
  readonly flows!: readonly string[];
}

@ObjectType('Proof', { description: 'Whether the bytes allow exactly what is declared, and where they do not' })
export class ProofType {
  @Field(() => Boolean)
  readonly equal!: boolean;

  @Field(() => ProofComparedType)
  readonly compared!: ProofComparedType;

  @Field(() => [ProofDifferenceType])
  readonly differences!: readonly ProofDifferenceType[];

  @Field(() => [FindingType], { description: 'What is wrong with the objects themselves' })
  readonly objections!: readonly FindingType[];

  @Field(() => [FindingType])
  readonly caveats!: readonly FindingType[];
}
