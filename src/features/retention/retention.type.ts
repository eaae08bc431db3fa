import { Field, Float, Int, ObjectType } from '@nestjs/graphql';

@ObjectType('RetentionOfEnvironment', { description: 'What goes of an environment' })
export class RetentionOfEnvironmentType {
  @Field(() => String, { description: 'Name of the environment' })
  readonly environment!: string;

  @Field(() => [Int], { description: 'Numbers of the versions that go, lowest first' })
  readonly removed!: readonly number[];

  @Field(() => Int, { description: 'How many versions stay' })
  readonly kept!: number;
}

@ObjectType('Retention', { description: 'What went, or would go: versions, and the content that only they had' })
export class RetentionType {
  @Field(() => Int, { nullable: true, description: 'What was asked, or else the setting' })
  readonly keepVersions?: number;

  @Field(() => Int, { nullable: true, description: 'What was asked, or else the setting' })
  readonly keepDays?: number;

  @Field(() => [RetentionOfEnvironmentType], { description: 'By name, those that have versions' })
  readonly environments!: readonly RetentionOfEnvironmentType[];

  @Field(() => Boolean, { description: 'false: more is to go than one request removes; ask again' })
  readonly complete!: boolean;

  @Field(() => Int, { description: 'Representations that no version has any more' })
  readonly blobs!: number;

  @Field(() => Int, { description: 'Pieces of content that nothing is put together of any more' })
  readonly fragments!: number;

  @Field(() => Float, { description: 'What those took' })
  readonly bytes!: number;
}
