import { Args, Context, Resolver, Subscription } from '@nestjs/graphql';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import type { Bundle } from '../../store/bundle.store.js';
import { BundleType } from './bundle.type.js';
import { EventService } from './event.service.js';

@Resolver()
export class PublishedResolver {
  constructor(private readonly events: EventService) {}

  @Subscription(() => BundleType, {
    nullable: true,
    description: 'Each version of an environment from now on, as it is published: over Server-Sent Events',
    resolve: (bundle: Bundle) => bundle,
  })
  bundlePublished(
    @Context() gql: GraphQLContext,
    @Args('environment') environment: string,
  ): Promise<AsyncIterableIterator<Bundle>> {
    return this.events.published(gql.ctx, environment);
  }
}
