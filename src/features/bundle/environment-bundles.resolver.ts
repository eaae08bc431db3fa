import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Connection, PageArgs, pagingOf } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { COST } from '../../platform/graphql/limits.js';
import type { Bundle } from '../../store/bundle.store.js';
import { EnvironmentType } from '../environment/environment.type.js';
import { BundleLoader } from './bundle.loader.js';
import { BundleService } from './bundle.service.js';
import { BundleConnection, BundleType } from './bundle.type.js';
import { PreviewType } from './changes.type.js';
import { EditionOverviewArgs } from './looks.args.js';
import { textOf } from './overview-format.js';
import type { Preview } from '../../work/preview-edition.js';
import { PreviewService } from './preview.service.js';
import { readVersion } from './version-ref.js';

/** What there is to see of an environment beside the model: its versions, and what the next one would be. */
@Resolver(() => EnvironmentType)
export class EnvironmentBundlesResolver {
  constructor(
    private readonly service: BundleService,
    private readonly previews: PreviewService,
    private readonly versions: BundleLoader,
  ) {}

  @ResolveField(() => BundleConnection, { description: 'The published versions, newest first' })
  async bundles(@Parent() { name }: EnvironmentType, @Args() args: PageArgs, @Context() gql: GraphQLContext) {
    const paging = pagingOf(args);
    const page =
      paging.pageToken === undefined
        ? await this.versions.firstPage(gql, name, paging)
        : await this.service.list(gql.ctx, name, paging);
    return new Connection(page, (bundle: Bundle) => bundle, args);
  }

  @ResolveField(() => BundleType, { nullable: true })
  latestBundle({ name }: EnvironmentType, _: unknown, gql: GraphQLContext): Promise<Bundle | null> {
    return this.versions.latest(gql, name);
  }

  @ResolveField(() => PreviewType, { complexity: COST.rendering, description: 'What publishing now would do' })
  preview({ name }: EnvironmentType, _: unknown, gql: GraphQLContext): Promise<Preview> {
    return this.previews.preview(gql.ctx, name);
  }

  @ResolveField(() => String, { complexity: COST.rendering, description: 'Who talks to whom, drawn' })
  async overview(
    @Parent() { name }: EnvironmentType,
    @Args() { format, version }: EditionOverviewArgs,
    @Context() gql: GraphQLContext,
  ): Promise<string> {
    const at = { environment: name, version: readVersion(version) };
    return textOf(await this.service.overview(gql.ctx, at, format));
  }
}
