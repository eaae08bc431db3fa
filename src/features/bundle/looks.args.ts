import { ArgsType, Field, Int } from '@nestjs/graphql';
import { HOPS, HOPS_MAX } from '../../domain/graph/paths.js';
import { PAGE_SIZE, PAGE_SIZE_MAX } from '../../platform/http/page.js';
import { enumOf } from '../../platform/graphql/enum-of.js';
import { OVERVIEW_FORMATS, type OverviewFormat } from './overview-format.js';
import { VERSION_TEXT } from './version-ref.js';

const Format = enumOf(
  'OverviewFormat',
  Object.keys(OVERVIEW_FORMATS),
  'Text, Markdown, Mermaid, Graphviz or a picture',
);

/** What `from` and `to` take wherever they narrow something down. */
export const ENDS = { from: 'application/tier, or the name of a peer', to: 'application/tier, or the name of a peer' };

@ArgsType()
export class OverviewArgs {
  @Field(() => Format, { defaultValue: 'txt' })
  readonly format!: OverviewFormat;
}

@ArgsType()
export class EditionOverviewArgs extends OverviewArgs {
  @Field(() => String, { defaultValue: 'draft', description: VERSION_TEXT })
  readonly version!: string;
}

@ArgsType()
class EndsArgs {
  @Field(() => String, { nullable: true, description: ENDS.from })
  readonly from?: string | null;

  @Field(() => String, { nullable: true, description: ENDS.to })
  readonly to?: string | null;

  @Field(() => String, { defaultValue: 'draft', description: VERSION_TEXT })
  readonly version!: string;
}

@ArgsType()
export class ConnectionsArgs extends EndsArgs {
  @Field(() => Int, { nullable: true })
  readonly port?: number | null;
}

@ArgsType()
export class PathsArgs extends EndsArgs {
  @Field(() => Int, { nullable: true, description: `How many hops at most: 1 to ${HOPS_MAX}, ${HOPS} by default` })
  readonly maxHops?: number | null;
}

const QUESTION_END = 'application/tier, the name of a peer, an address or a CIDR; one of the two is a tier';

/** Of one question, whose edition is known. */
@ArgsType()
export class QuestionArgs {
  @Field(() => String, { description: QUESTION_END })
  readonly from!: string;

  @Field(() => String, { description: QUESTION_END })
  readonly to!: string;

  @Field(() => String, {
    nullable: true,
    description: 'TCP/80, 80, or the name of a port of the destination; without it: on which ports?',
  })
  readonly port?: string | null;
}

@ArgsType()
export class VersionQuestionArgs extends QuestionArgs {
  @Field(() => String, { defaultValue: 'draft', description: VERSION_TEXT })
  readonly version!: string;
}

@ArgsType()
export class EnvironmentQuestionArgs extends VersionQuestionArgs {
  @Field(() => String)
  readonly environment!: string;
}

@ArgsType()
export class ReachArgs {
  @Field(() => String, { description: 'The environment that it is asked of' })
  readonly environment!: string;

  @Field(() => String, { defaultValue: 'draft', description: VERSION_TEXT })
  readonly version!: string;

  @Field(() => Int, { nullable: true, description: `How many hops at most: 1 (the default, directly) to ${HOPS_MAX}` })
  readonly maxHops?: number | null;

  @Field(() => Int, { nullable: true, description: `How many at most: 1 to ${PAGE_SIZE_MAX}, ${PAGE_SIZE} by default` })
  readonly first?: number | null;
}
