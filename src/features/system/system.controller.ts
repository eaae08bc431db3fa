import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { RequestContext } from '../../platform/context.js';
import { requireScope } from '../../platform/context.js';
import { Ctx } from '../../platform/http/request.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { Describe } from '../../platform/openapi/describe.js';
import { Health } from './health.js';

const STATUS = {
  'application/json': { schema: { type: 'object', required: ['status'], properties: { status: { type: 'string' } } } },
};

@Controller()
export class SystemController {
  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
  ) {}

  @Get('livez')
  @Describe({
    id: 'livez',
    tag: 'System',
    summary: 'The process answers',
    open: true,
    responses: { 200: { description: 'It does', content: STATUS } },
  })
  livez(): object {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Describe({
    id: 'readyz',
    tag: 'System',
    summary: 'The database answers and takes writes, so every request can be served',
    open: true,
    responses: { 200: { description: 'Ready', content: STATUS }, 503: { description: 'Not ready', content: STATUS } },
  })
  async readyz(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const status = await this.health.readiness();
    if (status !== 'ok') void reply.status(503).header('retry-after', '1');
    return { status };
  }

  @Get('metrics')
  @Describe({
    id: 'metrics',
    tag: 'System',
    summary: 'Prometheus metrics',
    responses: {
      200: { description: 'Text exposition format', content: { 'text/plain': { schema: { type: 'string' } } } },
    },
  })
  async prometheus(@Ctx() ctx: RequestContext, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    requireScope(ctx, 'read');
    void reply.header('content-type', this.metrics.contentType);
    return this.metrics.text();
  }
}
