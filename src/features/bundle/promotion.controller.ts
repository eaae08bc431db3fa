import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { RequestContext } from '../../platform/context.js';
import { Ctx, ParsedQuery, writeQuery } from '../../platform/http/request.js';
import { Describe, jsonOf } from '../../platform/openapi/describe.js';
import { BundleService } from './bundle.service.js';
import { PUBLISHED, publishedReply, RELEASE_HEADERS } from './published-reply.js';
import { PublishService } from './publish.service.js';

const COMMON = { tag: 'Bundles', query: writeQuery, headers: RELEASE_HEADERS, responses: PUBLISHED } as const;

/** The ways to a new version that do not begin at the working model. */
@Controller('/v1/environments/:environment')
export class PromotionController {
  constructor(
    private readonly bundles: BundleService,
    private readonly publisher: PublishService,
  ) {}

  @Post('promotions')
  @Describe({
    id: 'promoteBundle',
    summary:
      'Promote: publish here what a version of another environment declares, with the placements, profile and addresses of this one',
    params: { environment: 'Name of the environment that it goes to' },
    body: { description: 'Which version of which environment', content: jsonOf('Promotion') },
    ...COMMON,
  })
  async promote(
    @Ctx() ctx: RequestContext,
    @Param('environment') environment: string,
    @ParsedQuery(writeQuery) _query: unknown,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return publishedReply(this.bundles, await this.publisher.promote(ctx, environment, body), reply);
  }

  @Post('rollbacks')
  @Describe({
    id: 'rollBackBundle',
    summary: 'Roll back: publish an earlier version again, byte for byte, as the next one',
    params: { environment: 'Name of the environment' },
    body: { description: 'Which version', content: jsonOf('Rollback') },
    ...COMMON,
  })
  async rollBack(
    @Ctx() ctx: RequestContext,
    @Param('environment') environment: string,
    @ParsedQuery(writeQuery) _query: unknown,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return publishedReply(this.bundles, await this.publisher.rollBack(ctx, environment, body), reply);
  }
}
