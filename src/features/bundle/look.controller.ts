import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SluiceError } from '../../domain/errors.js';
import type { RequestContext } from '../../platform/context.js';
import { Ctx, filterText, ParsedQuery } from '../../platform/http/request.js';
import { Describe, jsonOf } from '../../platform/openapi/describe.js';
import { BundleService } from './bundle.service.js';
import { bufferOf, sendAs, TEXT } from './change-text.js';
import { isOverviewFormat, OVERVIEW_FORMATS } from './overview-format.js';
import { readVersion, VERSION_TEXT } from './version-ref.js';

const diffQuery = z.strictObject({
  environment: filterText
    .optional()
    .meta({ description: 'The environment of the other version, where it is another one' }),
});

const ANY_VERSION = { environment: 'Name of the environment', version: VERSION_TEXT };

/** Ways to look at a version, or at the working model as a draft of one. */
@Controller('/v1/environments/:environment')
export class LookController {
  constructor(private readonly bundles: BundleService) {}

  @Get('bundles/:version/diff/:other')
  @Describe({
    id: 'diffBundles',
    tag: 'Bundles',
    summary: 'What changes from one version to another: objects, flows, and who may talk to whom',
    params: { ...ANY_VERSION, other: VERSION_TEXT },
    query: diffQuery,
    responses: { 200: { description: 'The differences', content: { ...jsonOf('BundleDiff'), ...TEXT } } },
  })
  async diff(
    @Ctx() ctx: RequestContext,
    @Param() params: Record<'environment' | 'version' | 'other', string>,
    @ParsedQuery(diffQuery) query: z.output<typeof diffQuery>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const { environment, version, other } = params;
    const from = { environment, version: readVersion(version) };
    const to = { environment: query.environment ?? environment, version: readVersion(other) };
    return sendAs(request, reply, (type) => this.bundles.writeDiff(ctx, from, to, type));
  }

  @Get('bundles/:version/overview.:format')
  @Describe({
    id: 'getOverview',
    tag: 'Overview',
    summary: 'Draw who talks to whom: txt, md, mmd, dot or svg',
    params: { ...ANY_VERSION, format: 'txt, md, mmd (Mermaid), dot (Graphviz) or svg' },
    responses: {
      200: {
        description: 'The overview',
        content: Object.fromEntries(
          Object.values(OVERVIEW_FORMATS).map(({ type }) => [
            type.split(';')[0] ?? type,
            { schema: { type: 'string' } },
          ]),
        ),
      },
    },
  })
  async overview(
    @Ctx() ctx: RequestContext,
    @Param() params: Record<'environment' | 'version' | 'format', string>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const { environment, version, format } = params;
    if (!isOverviewFormat(format))
      throw new SluiceError(
        'not-found',
        `overview.${format} does not exist (have: ${Object.keys(OVERVIEW_FORMATS).join(', ')})`,
      );
    const written = await this.bundles.overview(ctx, { environment, version: readVersion(version) }, format);
    void reply.header('content-type', OVERVIEW_FORMATS[format].type);
    return bufferOf(written);
  }
}
