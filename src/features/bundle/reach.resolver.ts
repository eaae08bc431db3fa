import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { z } from 'zod';
import type { DeclaredConnection } from '../../domain/graph/declared.js';
import { HOPS_MAX, type Paths } from '../../domain/graph/paths.js';
import { PORT_MAX, PORT_MIN } from '../../domain/model/ports.js';
import { filtersOf, holdRange, readArgs } from '../../platform/graphql/args-of.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { COST } from '../../platform/graphql/limits.js';
import { filterText } from '../../platform/http/request.js';
import type { Bundle } from '../../store/bundle.store.js';
import { EnvironmentType } from '../environment/environment.type.js';
import { AskedEditionLoader } from './asked-edition.loader.js';
import { BundleType } from './bundle.type.js';
import { AllowedConnectionType, PathsType } from './connection.type.js';
import {
  ConnectionsArgs,
  ENDS,
  EnvironmentQuestionArgs,
  PathsArgs,
  QuestionArgs,
  VersionQuestionArgs,
} from './looks.args.js';
import { connectionsOf, pathsOf, ReachService } from './reach.service.js';
import { type VerdictNode, verdictNode } from './verdict-node.js';
import { VerdictType } from './verdict.type.js';

const VERDICT = { complexity: COST.reading, description: 'May one reach the other, and why' };
const questionArgs = z.object({ from: filterText, to: filterText, port: filterText.nullish() });

/** Who may reach whom, asked of an environment. */
@Resolver(() => EnvironmentType)
export class EnvironmentReachResolver {
  constructor(
    private readonly editions: AskedEditionLoader,
    private readonly reach: ReachService,
  ) {}

  @Query(() => VerdictType, { ...VERDICT, nullable: true })
  async verdict(@Context() gql: GraphQLContext, @Args() args: EnvironmentQuestionArgs): Promise<VerdictNode> {
    return ask(this.reach, await this.editions.load(gql, args.environment, args.version), args);
  }

  @ResolveField('verdict', () => VerdictType, VERDICT)
  async verdictHere(
    @Parent() { name }: EnvironmentType,
    @Args() args: VersionQuestionArgs,
    @Context() gql: GraphQLContext,
  ): Promise<VerdictNode> {
    return ask(this.reach, await this.editions.load(gql, name, args.version), args);
  }

  @ResolveField(() => [AllowedConnectionType], {
    complexity: COST.rendering,
    description: 'The allowed connections, and the flows that allow them',
  })
  async connections(
    @Parent() { name }: EnvironmentType,
    @Args() args: ConnectionsArgs,
    @Context() gql: GraphQLContext,
  ): Promise<readonly DeclaredConnection[]> {
    holdRange('port', args.port, PORT_MIN, PORT_MAX);
    const filter = { ...filtersOf(ENDS, args), port: args.port ?? undefined };
    return connectionsOf(await this.editions.load(gql, name, args.version), filter);
  }

  @ResolveField(() => PathsType, {
    complexity: COST.rendering,
    description: 'What can be reached over several hops: from an end, to an end, or every way between two',
  })
  async paths(
    @Parent() { name }: EnvironmentType,
    @Args() args: PathsArgs,
    @Context() gql: GraphQLContext,
  ): Promise<Paths> {
    holdRange('maxHops', args.maxHops, 1, HOPS_MAX);
    const filter = { ...filtersOf(ENDS, args), maxHops: args.maxHops ?? undefined };
    return pathsOf(await this.editions.load(gql, name, args.version), filter);
  }
}

/** The same, asked of a version. */
@Resolver(() => BundleType)
export class BundleReachResolver {
  constructor(
    private readonly editions: AskedEditionLoader,
    private readonly reach: ReachService,
  ) {}

  @ResolveField(() => VerdictType, VERDICT)
  async verdict(
    @Parent() { environment, version }: Bundle,
    @Args() args: QuestionArgs,
    @Context() gql: GraphQLContext,
  ): Promise<VerdictNode> {
    return ask(this.reach, await this.editions.load(gql, environment, String(version)), args);
  }
}

async function ask(
  reach: ReachService,
  at: Awaited<ReturnType<AskedEditionLoader['load']>>,
  args: QuestionArgs,
): Promise<VerdictNode> {
  const { from, to, port } = readArgs(questionArgs, args);
  return verdictNode(await reach.judge(at, { from, to, port: port ?? undefined }));
}
