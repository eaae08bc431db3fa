import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SluiceError } from '../../domain/errors.js';
import type { RequestContext } from '../../platform/context.js';
import { negotiate } from '../../platform/http/negotiate.js';
import { Ctx, filterText, ParsedQuery } from '../../platform/http/request.js';
import { Describe, jsonOf } from '../../platform/openapi/describe.js';
import type { PlanFormat } from '../../work/plan-editions.js';
import { bufferOf } from './change-text.js';
import { isPlanFormat, PLAN_FORMATS } from './plan-format.js';
import { PlanService } from './plan.service.js';
import { readFrom, readVersion, VERSION_TEXT } from './version-ref.js';

const fromQuery = z.strictObject({
  from: z
    .union([z.literal(''), filterText])
    .optional()
    .meta({
      description: 'The version that is there: a number, latest, a tag, or draft; nothing for an empty cluster',
    }),
});
type FromQuery = z.output<typeof fromQuery>;

const ANY_VERSION = { environment: 'Name of the environment', version: VERSION_TEXT };
const MEDIA_TYPES = ['application/json', 'text/x-shellscript', 'application/yaml'] as const;
const CONTENT = {
  ...jsonOf('Plan'),
  'text/x-shellscript': { schema: { type: 'string', description: 'The steps, for sh and kubectl' } },
  'application/yaml': { schema: { type: 'string', description: 'The objects, with the sync waves of Argo CD' } },
};

interface PlanParams {
  readonly environment: string;
  readonly version: string;
  readonly format?: string;
}

/** How a version comes into a cluster, and what belongs to it there. */
@Controller('/v1/environments/:environment/bundles/:version')
export class PlanController {
  constructor(private readonly plans: PlanService) {}

  @Get('plan')
  @Describe({
    id: 'getPlan',
    tag: 'Delivery',
    summary:
      'Plan the way from one version to another, so that nothing is cut that both allow; JSON where nothing is asked',
    params: ANY_VERSION,
    query: fromQuery,
    responses: { 200: { description: 'The plan', content: CONTENT } },
  })
  plan(
    @Ctx() ctx: RequestContext,
    @Param() params: PlanParams,
    @ParsedQuery(fromQuery) query: FromQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const type = negotiate(request.headers.accept, MEDIA_TYPES);
    void reply.header('vary', 'Accept');
    const format = (Object.keys(PLAN_FORMATS) as PlanFormat[]).find((name) => PLAN_FORMATS[name].startsWith(type));
    return this.send(ctx, params, query, format ?? 'json', reply);
  }

  @Get('plan.:format')
  @Describe({
    id: 'getPlanAs',
    tag: 'Delivery',
    summary: 'Plan the way from one version to another: json, sh or yaml',
    params: {
      ...ANY_VERSION,
      format: 'json, sh (a script for kubectl) or yaml (objects with the sync waves of Argo CD)',
    },
    query: fromQuery,
    responses: { 200: { description: 'The plan', content: CONTENT } },
  })
  planAs(
    @Ctx() ctx: RequestContext,
    @Param() params: PlanParams,
    @ParsedQuery(fromQuery) query: FromQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const { format = '' } = params;
    if (isPlanFormat(format)) return this.send(ctx, params, query, format, reply);
    const have = Object.keys(PLAN_FORMATS).join(', ');
    throw new SluiceError('not-found', `plan.${format} does not exist (have: ${have})`);
  }

  @Get('inventory')
  @Describe({
    id: 'getInventory',
    tag: 'Delivery',
    summary: 'List every object of a version by namespace, and against another version the objects to delete',
    params: ANY_VERSION,
    query: fromQuery,
    responses: { 200: { description: 'The inventory', content: jsonOf('Inventory') } },
  })
  inventory(
    @Ctx() ctx: RequestContext,
    @Param() { environment, version }: PlanParams,
    @ParsedQuery(fromQuery) { from }: FromQuery,
  ): Promise<object> {
    return this.plans.inventory(ctx, { environment, version: readVersion(version) }, readFrom(from));
  }

  private async send(
    ctx: RequestContext,
    { environment, version }: PlanParams,
    { from }: FromQuery,
    format: PlanFormat,
    reply: FastifyReply,
  ): Promise<Buffer> {
    const to = { environment, version: readVersion(version) };
    const written = await this.plans.writePlan(ctx, to, readFrom(from), format);
    void reply.header('content-type', PLAN_FORMATS[format]);
    return bufferOf(written);
  }
}
