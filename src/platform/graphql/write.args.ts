import { ArgsType, Field } from '@nestjs/graphql';

/** On every write, also of what is not in the change log. */
@ArgsType()
export class DryRunArgs {
  @Field(() => Boolean, { nullable: true, description: 'The same checks and codes, nothing stored' })
  readonly dryRun?: boolean | null;
}

/** On every write that says why. */
@ArgsType()
export class WriteArgs extends DryRunArgs {
  @Field(() => String, { nullable: true, description: 'Why: kept in the change log, as the header Sluice-Reason is' })
  readonly reason?: string | null;
}

/** On every write of an object that stands. */
@ArgsType()
export class ChangeArgs extends WriteArgs {
  @Field(() => String, { description: 'The etag of the object as you read it, or "*" for whatever it is now' })
  readonly ifMatch!: string;
}
