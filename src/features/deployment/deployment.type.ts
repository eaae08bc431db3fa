import { Field, Int, ObjectType } from '@nestjs/graphql';
import { connectionType } from '../../platform/graphql/connection.js';
import { enumOf } from '../../platform/graphql/enum-of.js';
import { DateTime } from '../../platform/graphql/scalars.js';
import { RESULTS } from '../../schema/deployment.js';

export const DeploymentResultEnum = enumOf('DeploymentResult', RESULTS, 'What came of a version in a cluster');

@ObjectType('RunningVersion', { description: 'The version that a cluster applied last' })
export class RunningVersionType {
  @Field(() => Int)
  readonly version!: number;

  @Field(() => String, { description: 'Of the version: sha256 of its YAML' })
  readonly digest!: string;

  @Field(() => DateTime, {
    description: 'The first report of this version; later ones of the same do not change it',
  })
  readonly since!: string;
}

@ObjectType('DeploymentReport', { description: 'What a cluster said last' })
export class DeploymentReportType {
  @Field(() => Int)
  readonly version!: number;

  @Field(() => String, { nullable: true, description: 'As it was reported' })
  readonly digest?: string;

  @Field(() => DeploymentResultEnum)
  readonly result!: string;

  @Field(() => String, { nullable: true })
  readonly message?: string;

  @Field(() => DateTime)
  readonly at!: string;

  @Field(() => String, { description: 'The token that it came with' })
  readonly by!: string;
}

@ObjectType('Deployment', { description: 'What one cluster runs of an environment, and what it said last' })
export class DeploymentType {
  @Field(() => String)
  readonly cluster!: string;

  @Field(() => RunningVersionType, { nullable: true, description: 'null: nothing was applied yet' })
  readonly running!: RunningVersionType | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many versions behind the latest; 0: up to date; null: nothing was applied yet',
  })
  readonly behind!: number | null;

  @Field(() => DeploymentReportType)
  readonly lastReport!: DeploymentReportType;
}

export const DeploymentConnection = connectionType(DeploymentType, 'Deployment');
