import {
  Args,
  ArgsType,
  Context,
  Field,
  ID,
  Int,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import type { Webhook } from '../../domain/model/webhook.js';
import { requireScope } from '../../platform/context.js';
import { Connection, PageArgs, pagingOf } from '../../platform/graphql/connection.js';
import { type GraphQLContext, writing } from '../../platform/graphql/graphql.context.js';
import { resourceResolver } from '../../platform/graphql/resource.resolver.js';
import { DryRunArgs, WriteArgs } from '../../platform/graphql/write.args.js';
import type { Delivery, DeliveryState } from '../../store/delivery.store.js';
import { EnvironmentLoader } from '../environment/environment.loader.js';
import { EnvironmentType } from '../environment/environment.type.js';
import { deliveryOf } from './delivery-list.js';
import { DeliveryService } from './delivery.service.js';
import { WebhookInput, WebhookPatch } from './webhook.input.js';
import { WebhookLoader } from './webhook.loader.js';
import { type ShownWebhookKey, WebhookService } from './webhook.service.js';
import { DeliveryConnection, DeliveryStateEnum, DeliveryType, WebhookKeyType, WebhookType } from './webhook.type.js';

@ArgsType()
class DeliveriesArgs extends PageArgs {
  @Field(() => DeliveryStateEnum, { nullable: true, description: 'Only those that are so' })
  readonly state?: DeliveryState | null;
}

@ArgsType()
class RotationArgs extends WriteArgs {
  @Field(() => Int, {
    nullable: true,
    description:
      'How long the key before goes on signing beside the new one, in hours: 24 where absent, 0 after a leak',
  })
  readonly keepHours?: number | null;
}

@Resolver(() => WebhookType)
export class WebhookResolver extends resourceResolver({
  name: 'Webhook',
  type: WebhookType,
  key: ['name'],
  inputs: { create: WebhookInput, patch: WebhookPatch },
}) {
  constructor(
    protected readonly service: WebhookService,
    private readonly deliveriesOf: DeliveryService,
    private readonly loader: WebhookLoader,
    private readonly environmentsOf: EnvironmentLoader,
  ) {
    super();
  }

  @Query(() => DeliveryType, { nullable: true, description: 'One delivery of a webhook' })
  webhookDelivery(
    @Context() gql: GraphQLContext,
    @Args('webhook') webhook: string,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<Delivery> {
    return this.deliveriesOf.get(gql.ctx, webhook, id);
  }

  @Mutation(() => WebhookKeyType, {
    nullable: true,
    description:
      'Make a new key: its secret is in this reply and nowhere else; the one before signs beside it for a while',
  })
  rotateWebhookKey(
    @Context() gql: GraphQLContext,
    @Args('name', { description: 'Name of the webhook' }) name: string,
    @Args() { keepHours, ...how }: RotationArgs,
  ): Promise<ShownWebhookKey> {
    const given = keepHours === undefined || keepHours === null ? {} : { keepHours };
    return this.service.rotateKey(writing(gql, how), name, given);
  }

  @Mutation(() => DeliveryType, {
    nullable: true,
    description: 'Send a delivery again: the same id and body, a new attempt, at once',
  })
  replayWebhookDelivery(
    @Context() gql: GraphQLContext,
    @Args('webhook') webhook: string,
    @Args('id', { type: () => ID }) id: string,
    @Args() how: DryRunArgs,
  ): Promise<Delivery> {
    return this.deliveriesOf.replay(writing(gql, how), webhook, id);
  }

  @Mutation(() => DeliveryType, {
    nullable: true,
    description: 'Send an event of type webhook.test, at once and once; ask for the delivery to see what came of it',
  })
  testWebhook(
    @Context() gql: GraphQLContext,
    @Args('name', { description: 'Name of the webhook' }) name: string,
    @Args() how: DryRunArgs,
  ): Promise<Delivery> {
    return this.deliveriesOf.test(writing(gql, how), name);
  }

  @ResolveField(() => Boolean, { description: 'It is told of every environment, also of those that are yet to come' })
  everywhere(webhook: Webhook): boolean {
    return webhook.environments === undefined;
  }

  @ResolveField(() => [EnvironmentType], { description: 'The environments that it is told of' })
  environments({ environments }: Webhook, _: unknown, gql: GraphQLContext) {
    return environments === undefined
      ? this.environmentsOf.all.load(gql, 'all')
      : this.environmentsOf.byName.loadMany(gql, environments);
  }

  @ResolveField(() => [WebhookKeyType], {
    description: 'What deliveries are signed with now, the newest first; no secrets',
  })
  async keys({ name, signature }: Webhook, _: unknown, gql: GraphQLContext): Promise<object[]> {
    requireScope(gql.ctx, 'admin');
    return (await this.loader.keys.load(gql, name)).map((key) => ({ ...key, signature }));
  }

  @ResolveField(() => DeliveryConnection, { description: 'What was sent and what came of it, the newest first' })
  async deliveries(@Parent() { name }: WebhookType, @Args() args: DeliveriesArgs, @Context() gql: GraphQLContext) {
    const page = await this.loader.deliveries(gql, name, args.state ?? undefined, pagingOf(args));
    return new Connection(page, deliveryOf, args);
  }
}
