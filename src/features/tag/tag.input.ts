import { Field, InputType, Int } from '@nestjs/graphql';

@InputType()
export class TagInput {
  @Field(() => String)
  readonly environment!: string;

  @Field(() => String, { description: 'A DNS-1123 label, but not latest, draft, a number, or v and a number' })
  readonly name!: string;

  @Field(() => Int, { description: 'The version that it marks' })
  readonly version!: number;
}
