import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { RequestContext } from '../../platform/context.js';
import { Ctx, ParsedQuery, writeQuery } from '../../platform/http/request.js';
import { Describe, jsonOf, pageOf } from '../../platform/openapi/describe.js';
import { resourceController } from '../../platform/resource/resource.controller.js';
import { WebhookService } from './webhook.service.js';

const WEBHOOK = { webhook: 'Name of the webhook' };

@Controller()
export class WebhookController extends resourceController({
  schema: 'Webhook',
  plural: 'Webhooks',
  path: '/v1/webhooks',
  params: { webhook: 'name' },
  created: 'CreatedWebhook',
}) {
  constructor(protected readonly service: WebhookService) {
    super();
  }

  @Get('/v1/webhooks/:webhook/keys')
  @Describe({
    id: 'listWebhookKeys',
    tag: 'Webhooks',
    summary: 'What deliveries are signed with now, the newest first; without secrets',
    params: WEBHOOK,
    responses: { 200: { description: 'One key, or two during a rotation', content: pageOf('WebhookKey') } },
  })
  async keys(@Ctx() ctx: RequestContext, @Param('webhook') webhook: string): Promise<object> {
    return { items: await this.service.keys(ctx, webhook) };
  }

  @Post('/v1/webhooks/:webhook/keys')
  @Describe({
    id: 'rotateWebhookKey',
    tag: 'Webhooks',
    summary: 'Make a new key: its secret is in this reply and nowhere else',
    description:
      'The key before goes on signing for `keepHours`: each delivery then has both signatures, and either verifies. Older ones end.',
    params: WEBHOOK,
    query: writeQuery,
    headers: {
      'Idempotency-Key': { description: 'The same key and body: the stored reply, but without the secret' },
      'Sluice-Reason': { description: 'Why: kept in the change log' },
    },
    body: { description: 'How to change over', required: false, content: jsonOf('WebhookRotation') },
    responses: {
      201: { description: 'The new key', content: jsonOf('WebhookKey'), headers: ['Cache-Control'] },
    },
  })
  async rotate(
    @Ctx() ctx: RequestContext,
    @Param('webhook') webhook: string,
    @ParsedQuery(writeQuery) _query: unknown,
    @Body() raw: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    void reply.header('cache-control', 'no-store');
    return this.service.rotateKey(ctx, webhook, raw);
  }
}
