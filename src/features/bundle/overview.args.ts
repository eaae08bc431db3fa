import { ArgsType, Field } from '@nestjs/graphql';
import { enumOf } from '../../platform/graphql/enum-of.js';
import { OVERVIEW_FORMATS, type OverviewFormat } from './overview-format.js';

const Format = enumOf(
  'OverviewFormat',
  Object.keys(OVERVIEW_FORMATS) as OverviewFormat[],
  'Text, Markdown, Mermaid, Graphviz or a picture',
);

@ArgsType()
export class OverviewArgs {
  @Field(() => Format, { defaultValue: 'txt' })
  readonly format!: OverviewFormat;
}

@ArgsType()
export class EditionOverviewArgs extends OverviewArgs {
  @Field(() => String, { defaultValue: 'draft', description: 'A number, latest or draft' })
  readonly version!: string;
}
