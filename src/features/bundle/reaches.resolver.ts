import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { HOPS_MAX } from '../../domain/graph/paths.js';
import type { Peer, Tier } from '../../domain/model/entities.js';
import { tierRef } from '../../domain/model/entities.js';
import { holdRange } from '../../platform/graphql/args-of.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { PAGE_SIZE, PAGE_SIZE_MAX } from '../../platform/http/page.js';
import { FlowEnd } from '../flow/flow-end.type.js';
import { FlowEndLoader } from '../flow/flow-end.loader.js';
import { PeerType } from '../peer/peer.type.js';
import { TierType } from '../tier/tier.type.js';
import { AskedEditionLoader } from './asked-edition.loader.js';
import { ReachArgs } from './looks.args.js';
import { type ReachNode, ReachType } from './reach.type.js';

const REACHES = 'What it may reach: directly, or over several hops, nearest first';
const REACHED_BY = 'What may reach it: directly, or over several hops, nearest first';

/** One hop unless more are asked for: what a tier may do by itself. */
const ONE_HOP = 1;

/** From a tier to what it may reach in an environment, and back. */
@Resolver(() => TierType)
export class TierReachResolver {
  constructor(private readonly editions: AskedEditionLoader) {}

  @ResolveField(() => [ReachType], { description: REACHES })
  reaches(@Parent() tier: Tier, @Args() args: ReachArgs, @Context() gql: GraphQLContext) {
    return nearest(this.editions, gql, 'from', tierRef(tier), args);
  }

  @ResolveField(() => [ReachType], { description: REACHED_BY })
  reachedBy(@Parent() tier: Tier, @Args() args: ReachArgs, @Context() gql: GraphQLContext) {
    return nearest(this.editions, gql, 'to', tierRef(tier), args);
  }
}

/** The same from a peer. */
@Resolver(() => PeerType)
export class PeerReachResolver {
  constructor(private readonly editions: AskedEditionLoader) {}

  @ResolveField(() => [ReachType], { description: REACHES })
  reaches(@Parent() peer: Peer, @Args() args: ReachArgs, @Context() gql: GraphQLContext) {
    return nearest(this.editions, gql, 'from', peer.name, args);
  }

  @ResolveField(() => [ReachType], { description: REACHED_BY })
  reachedBy(@Parent() peer: Peer, @Args() args: ReachArgs, @Context() gql: GraphQLContext) {
    return nearest(this.editions, gql, 'to', peer.name, args);
  }
}

/** From what was reached on to the object. */
@Resolver(() => ReachType)
export class ReachEndResolver {
  constructor(private readonly ends: FlowEndLoader) {}

  @ResolveField(() => FlowEnd, { nullable: true, description: 'The tier or the peer, if it still exists' })
  end({ endpoint }: ReachNode, _: unknown, gql: GraphQLContext) {
    return this.ends.load(gql, endpoint);
  }
}

async function nearest(
  editions: AskedEditionLoader,
  gql: GraphQLContext,
  kind: 'from' | 'to',
  name: string,
  args: ReachArgs,
): Promise<ReachNode[]> {
  holdRange('maxHops', args.maxHops, 1, HOPS_MAX);
  holdRange('first', args.first, 1, PAGE_SIZE_MAX);
  const { edition } = await editions.load(gql, args.environment, args.version);
  const maxHops = args.maxHops ?? ONE_HOP;
  const question = kind === 'from' ? { kind, from: name, maxHops } : { kind, to: name, maxHops };
  const { answer } = await edition.ask({ kind: 'reach', question });
  return answer.paths
    .slice(0, args.first ?? PAGE_SIZE)
    .map(({ from, to, hops }) => ({ endpoint: kind === 'from' ? to : from, distance: hops.length, hops }));
}
