import { Field, Int, ObjectType } from '@nestjs/graphql';
import { VersionedType } from '../../platform/graphql/described.type.js';

@ObjectType('Tag', {
  description:
    'A movable name that marks one version of an environment, and stands for it wherever a version is named: a channel. Retention keeps what is marked',
})
export class TagType extends VersionedType {
  @Field(() => String)
  readonly name!: string;

  @Field(() => Int, { description: 'The version that it marks' })
  readonly version!: number;
}
