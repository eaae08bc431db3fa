import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { z } from 'zod';
import { argsOf, filtersOf, readArgs } from '../../platform/graphql/args-of.js';
import { Connection, PageArgs, pagingOf } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import type { Change } from '../../store/change.store.js';
import { ChangeService } from './change.service.js';
import { ChangeConnection, ChangeType } from './change.type.js';
import { since } from './since.js';

const FILTERS = {
  resource: 'team, application, tier, peer, environment, placement, flow, tag, webhook or webhook-key',
  name: 'The name of the object, as in shop/frontend',
  actor: 'The name of the token',
};
const SINCE = { since: 'Changes after this revision, or from this time on (RFC 3339)' };
const ChangesArgs = argsOf(PageArgs, { ...FILTERS, ...SINCE }, 'optional');
const sinceArgs = z.object({ since: since.nullish() });

@Resolver(() => ChangeType)
export class ChangeResolver {
  constructor(private readonly service: ChangeService) {}

  @Query(() => ChangeConnection, { description: 'The change log, newest first' })
  async changes(@Context() gql: GraphQLContext, @Args({ type: () => ChangesArgs }) args: PageArgs) {
    const filter = { ...filtersOf(FILTERS, args), since: readArgs(sinceArgs, args).since ?? undefined };
    const page = await this.service.list(gql.ctx, filter, pagingOf(args));
    return new Connection(page, (change: Change) => change, args);
  }
}
