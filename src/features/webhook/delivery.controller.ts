import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RequestContext } from '../../platform/context.js';
import { nextUrl } from '../../platform/http/page.js';
import { Ctx, pagingQuery, ParsedQuery, writeQuery } from '../../platform/http/request.js';
import { Describe, jsonOf, pageOf } from '../../platform/openapi/describe.js';
import { DELIVERY_STATES } from '../../schema/webhook.js';
import { deliveryOf } from './delivery-list.js';
import { DeliveryService } from './delivery.service.js';

const listQuery = pagingQuery.extend({
  state: z.enum(DELIVERY_STATES).optional().meta({ description: 'Only those that are so' }),
});

const WEBHOOK = { webhook: 'Name of the webhook' };
const DELIVERY = { ...WEBHOOK, delivery: 'Id of the delivery: the header webhook-id' };
const NOTHING = { description: 'Nothing', required: false, content: jsonOf('Nothing') };
const IDEMPOTENCY = {
  'Idempotency-Key': { description: 'The same key: the stored reply, and nothing is sent; in flight: 409' },
};

@Controller('/v1/webhooks/:webhook')
export class DeliveryController {
  constructor(private readonly deliveries: DeliveryService) {}

  @Get('deliveries')
  @Describe({
    id: 'listWebhookDeliveries',
    tag: 'Webhooks',
    summary: 'What was sent, the newest first: the event, every attempt, what came of it',
    params: WEBHOOK,
    query: listQuery,
    responses: { 200: { description: 'One page', content: pageOf('WebhookDelivery'), headers: ['Link'] } },
  })
  async list(
    @Ctx() ctx: RequestContext,
    @Param('webhook') webhook: string,
    @ParsedQuery(listQuery) { state, ...paging }: z.output<typeof listQuery>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const page = await this.deliveries.list(ctx, webhook, state, paging);
    if (page.nextPageToken !== undefined)
      void reply.header('link', `<${nextUrl(request.url, page.nextPageToken)}>; rel="next"`);
    return { ...page, items: page.items.map(deliveryOf) };
  }

  @Get('deliveries/:delivery')
  @Describe({
    id: 'getWebhookDelivery',
    tag: 'Webhooks',
    summary: 'Get one delivery with its attempts',
    params: DELIVERY,
    responses: { 200: { description: 'The delivery', content: jsonOf('WebhookDelivery') } },
  })
  get(
    @Ctx() ctx: RequestContext,
    @Param('webhook') webhook: string,
    @Param('delivery') delivery: string,
  ): Promise<object> {
    return this.deliveries.get(ctx, webhook, delivery);
  }

  @Post('deliveries/:delivery/replay')
  @HttpCode(202)
  @Describe({
    id: 'replayWebhookDelivery',
    tag: 'Webhooks',
    summary: 'Send a delivery again: the same id and body, a new attempt, at once',
    params: DELIVERY,
    query: writeQuery,
    headers: IDEMPOTENCY,
    body: NOTHING,
    responses: { 202: { description: 'The delivery, which waits to be sent', content: jsonOf('WebhookDelivery') } },
  })
  replay(
    @Ctx() ctx: RequestContext,
    @Param('webhook') webhook: string,
    @Param('delivery') delivery: string,
    @ParsedQuery(writeQuery) _query: unknown,
    @Body() raw: unknown,
  ): Promise<object> {
    return this.deliveries.replay(ctx, webhook, delivery, raw);
  }

  @Post('test')
  @HttpCode(202)
  @Describe({
    id: 'testWebhook',
    tag: 'Webhooks',
    summary: 'Send an event of type webhook.test, at once and once',
    params: WEBHOOK,
    query: writeQuery,
    headers: IDEMPOTENCY,
    body: NOTHING,
    responses: {
      202: {
        description: 'The delivery: ask for it to see what came of it',
        content: jsonOf('WebhookDelivery'),
        headers: ['Location'],
      },
    },
  })
  async test(
    @Ctx() ctx: RequestContext,
    @Param('webhook') webhook: string,
    @ParsedQuery(writeQuery) _query: unknown,
    @Body() raw: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const delivery = await this.deliveries.test(ctx, webhook, raw);
    void reply.header('location', `/v1/webhooks/${webhook}/deliveries/${delivery.id}`);
    return delivery;
  }
}
