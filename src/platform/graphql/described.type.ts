import { Field, InputType, Int, IntersectionType, ObjectType } from '@nestjs/graphql';
import { LinkType } from './parts.type.js';
import { Labels } from './scalars.js';

/** Every object of the model has them. */
@ObjectType({ isAbstract: true })
export class VersionedType {
  @Field(() => Int, { description: 'The revision of the model that made the object what it is' })
  readonly revision!: number;

  @Field(() => String, { description: 'The ETag of REST, quotes included: what ifMatch takes' })
  readonly etag!: string;
}

/** What an object carries for people; it changes nothing that is rendered. */
@InputType({ isAbstract: true })
export class DescribedInput {
  @Field(() => String, { nullable: true })
  readonly displayName?: string;

  @Field(() => String, { nullable: true })
  readonly description?: string;

  @Field(() => Labels, { nullable: true })
  readonly labels?: object;

  @Field(() => [LinkType], { nullable: true })
  readonly links?: readonly LinkType[];
}

@ObjectType({ isAbstract: true })
export class DescribedType extends IntersectionType(VersionedType, DescribedInput, ObjectType) {}
