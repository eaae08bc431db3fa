import { Field, ObjectType } from '@nestjs/graphql';
import { enumOf } from '../../platform/graphql/enum-of.js';

const Severity = enumOf('Severity', ['error', 'warning', 'info'], 'An error stands in the way of a publish');

@ObjectType('Finding', { description: 'Something that a rule noticed' })
export class FindingType {
  @Field(() => String)
  readonly code!: string;

  @Field(() => Severity)
  readonly severity!: string;

  @Field(() => String)
  readonly path!: string;

  @Field(() => String)
  readonly message!: string;

  @Field(() => String, { nullable: true, description: 'What stands there' })
  readonly value?: string;

  @Field(() => String, { nullable: true, description: 'What to do about it' })
  readonly mend?: string;
}
