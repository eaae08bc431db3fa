import { ArgsType, Field } from '@nestjs/graphql';
import { SluiceError } from '../../domain/errors.js';
import { type Precondition, readPrecondition } from '../http/preconditions.js';

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

/** On every write that puts an object where it belongs. */
@ArgsType()
export class SetArgs extends WriteArgs {
  @Field(() => String, { nullable: true, description: 'The etag of the object that this replaces' })
  readonly ifMatch?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Create it, and fail where it exists (If-None-Match: *)' })
  readonly ifAbsent?: boolean | null;
}

/** `ifMatch` is what REST's header If-Match is; the bare revision will do. */
export function matching(ifMatch: string | null | undefined): Precondition {
  if (ifMatch === undefined || ifMatch === null) return { kind: 'none' };
  return readPrecondition({ 'if-match': /^\d+$/.test(ifMatch) ? `"${ifMatch}"` : ifMatch });
}

/** As the headers of REST's PUT: If-Match or If-None-Match, not both, and one of them. */
export function putting({ ifMatch, ifAbsent }: SetArgs): Precondition {
  const given = typeof ifMatch === 'string';
  if (given && ifAbsent === true) throw new SluiceError('malformed', 'give ifMatch or ifAbsent, not both');
  return ifAbsent === true ? { kind: 'absent' } : matching(ifMatch);
}
