import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { HOPS_MAX, type Paths } from '../../domain/graph/paths.js';
import { PORT_MAX, PORT_MIN } from '../../domain/model/ports.js';
import { filtersOf, holdRange } from '../../platform/graphql/args-of.js';
import { Connection, PageArgs, pagingOf } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { COST } from '../../platform/graphql/limits.js';
import type { Bundle } from '../../store/bundle.store.js';
import { EnvironmentType } from '../environment/environment.type.js';
import { BundleLoader } from './bundle.loader.js';
import { BundleService } from './bundle.service.js';
import { BundleConnection, BundleType } from './bundle.type.js';
import { PreviewType } from './changes.type.js';
import { AllowedConnectionType, PathsType } from './connection.type.js';
import { ConnectionsArgs, EditionOverviewArgs, ENDS, PathsArgs } from './looks.args.js';
import { OVERVIEW_FORMATS } from './overview-format.js';
import { type Preview, PublishService } from './publish.service.js';
import { readVersion } from './version-ref.js';

/** What there is to see of an environment beside the model: its versions, and what the next one would be. */
@Resolver(() => EnvironmentType)
export class EnvironmentBundlesResolver {
  constructor(
    private readonly service: BundleService,
    private readonly publisher: PublishService,
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
    return this.publisher.preview(gql.ctx, name);
  }

  @ResolveField(() => [AllowedConnectionType], {
    complexity: COST.rendering,
    description: 'The allowed connections, and the flows that allow them',
  })
  async connections(
    @Parent() { name }: EnvironmentType,
    @Args() args: ConnectionsArgs,
    @Context() gql: GraphQLContext,
  ) {
    holdRange('port', args.port, PORT_MIN, PORT_MAX);
    const at = { environment: name, version: readVersion(args.version) };
    const filter = { ...filtersOf(ENDS, args), port: args.port ?? undefined };
    return (await this.service.connections(gql.ctx, at, filter)).connections;
  }

  @ResolveField(() => PathsType, {
    complexity: COST.rendering,
    description: 'What can be reached over several hops: from an end, to an end, or every way between two',
  })
  paths(@Parent() { name }: EnvironmentType, @Args() args: PathsArgs, @Context() gql: GraphQLContext): Promise<Paths> {
    holdRange('maxHops', args.maxHops, 1, HOPS_MAX);
    const at = { environment: name, version: readVersion(args.version) };
    return this.service.paths(gql.ctx, at, { ...filtersOf(ENDS, args), maxHops: args.maxHops ?? undefined });
  }

  @ResolveField(() => String, { complexity: COST.rendering, description: 'Who talks to whom, drawn' })
  async overview(
    @Parent() { name }: EnvironmentType,
    @Args() { format, version }: EditionOverviewArgs,
    @Context() gql: GraphQLContext,
  ): Promise<string> {
    const at = { environment: name, version: readVersion(version) };
    return OVERVIEW_FORMATS[format].write(await this.service.overview(gql.ctx, at));
  }
}
