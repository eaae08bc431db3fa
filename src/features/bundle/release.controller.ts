import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { RequestContext } from '../../platform/context.js';
import { Ctx, ParsedQuery, writeQuery } from '../../platform/http/request.js';
import { Describe, jsonOf } from '../../platform/openapi/describe.js';
import { bundleEtag, bundleView, versionLinks } from './bundle-view.js';
import { BundleService } from './bundle.service.js';
import { type Published, PublishService } from './publish.service.js';

const HEADERS = ['ETag', 'Location', 'Link'] as const;
const bundle = jsonOf('Bundle');

/** What every way to a new version takes, and answers. */
const RELEASE = {
  tag: 'Bundles',
  query: writeQuery,
  headers: {
    'Idempotency-Key': { description: 'The same key and body: the stored reply; another body: 422; in flight: 409' },
    'Sluice-Reason': { description: 'Why: kept with the version' },
  },
  responses: {
    200: { description: 'The content is that of the latest version, which stands', content: bundle, headers: HEADERS },
    201: { description: 'A new version', content: bundle, headers: HEADERS },
  },
} as const;

/** The ways to a new version: from the working model, from another environment, and back. */
@Controller('/v1/environments/:environment')
export class ReleaseController {
  constructor(
    private readonly bundles: BundleService,
    private readonly publisher: PublishService,
  ) {}

  @Post('bundles')
  @Describe({
    id: 'publishBundle',
    summary: 'Publish: render the working model and make it the next version',
    params: { environment: 'Name of the environment' },
    body: {
      description: 'Message and expected version; both may be absent, and so may the body',
      required: false,
      content: jsonOf('Publish'),
    },
    ...RELEASE,
  })
  async publish(
    @Ctx() ctx: RequestContext,
    @Param('environment') environment: string,
    @ParsedQuery(writeQuery) _query: unknown,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.answer(reply, await this.publisher.publish(ctx, environment, body));
  }

  @Post('promotions')
  @Describe({
    id: 'promoteBundle',
    summary:
      'Promote: publish here what a version of another environment declares, with the placements, profile and addresses of this one',
    params: { environment: 'Name of the environment that it goes to' },
    body: { description: 'Which version of which environment', content: jsonOf('Promotion') },
    ...RELEASE,
  })
  async promote(
    @Ctx() ctx: RequestContext,
    @Param('environment') environment: string,
    @ParsedQuery(writeQuery) _query: unknown,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.answer(reply, await this.publisher.promote(ctx, environment, body));
  }

  @Post('rollbacks')
  @Describe({
    id: 'rollBackBundle',
    summary: 'Roll back: publish an earlier version again, byte for byte, as the next one',
    params: { environment: 'Name of the environment' },
    body: { description: 'Which version', content: jsonOf('Rollback') },
    ...RELEASE,
  })
  async rollBack(
    @Ctx() ctx: RequestContext,
    @Param('environment') environment: string,
    @ParsedQuery(writeQuery) _query: unknown,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.answer(reply, await this.publisher.rollBack(ctx, environment, body));
  }

  /** 201 with the new version, or 200 with the one that stands. */
  private async answer(reply: FastifyReply, { bundle, created }: Published): Promise<object> {
    const [tagged = { ...bundle, tags: [] }] = await this.bundles.tagged([bundle]);
    const location = `/v1/environments/${bundle.environment}/bundles/${bundle.version}`;
    void reply.status(created ? 201 : 200).headers({ location, etag: bundleEtag(tagged), link: versionLinks(bundle) });
    return bundleView(tagged);
  }
}
