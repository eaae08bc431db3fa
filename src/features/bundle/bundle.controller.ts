import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestContext } from '../../platform/context.js';
import { nextUrl } from '../../platform/http/page.js';
import { noneMatchHits } from '../../platform/http/preconditions.js';
import { Ctx, pagingQuery, ParsedQuery } from '../../platform/http/request.js';
import { Describe, jsonOf, pageOf } from '../../platform/openapi/describe.js';
import type { Paging } from '../../platform/resource/resource.service.js';
import { bundleEtag, bundleLine, bundleView, versionLinks } from './bundle-view.js';
import { BundleService } from './bundle.service.js';
import { LongPoll } from './long-poll.js';
import { PREFER, UNCHANGED } from './prefer-doc.js';
import { sendAs, TEXT } from './change-text.js';
import { PreviewService } from './preview.service.js';
import { PUBLISHED_TEXT, readPublished } from './version-ref.js';

const ENVIRONMENT = { environment: 'Name of the environment' };
const VERSION = { ...ENVIRONMENT, version: PUBLISHED_TEXT };

@Controller('/v1/environments/:environment')
export class BundleController {
  constructor(
    private readonly bundles: BundleService,
    private readonly polls: LongPoll,
    private readonly previews: PreviewService,
  ) {}

  @Get('preview')
  @Describe({
    id: 'previewEnvironment',
    tag: 'Bundles',
    summary: 'What publishing now would do: changes and findings. Stores nothing',
    params: ENVIRONMENT,
    responses: { 200: { description: 'The preview; as text its change', content: { ...jsonOf('Preview'), ...TEXT } } },
  })
  async preview(
    @Ctx() ctx: RequestContext,
    @Param('environment') environment: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return sendAs(request, reply, (type) => this.previews.writePreview(ctx, environment, type));
  }

  @Get('bundles')
  @Describe({
    id: 'listBundles',
    tag: 'Bundles',
    summary: 'List the published versions, newest first',
    params: ENVIRONMENT,
    query: pagingQuery,
    responses: {
      200: {
        description: 'One page',
        content: pageOf('Bundle'),
        headers: ['Link'],
      },
    },
  })
  async list(
    @Ctx() ctx: RequestContext,
    @Param('environment') environment: string,
    @ParsedQuery(pagingQuery) paging: Paging,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const page = await this.bundles.list(ctx, environment, paging);
    if (page.nextPageToken !== undefined)
      void reply.header('link', `<${nextUrl(request.url, page.nextPageToken)}>; rel="next"`);
    return { ...page, items: (await this.bundles.tagged(page.items)).map(bundleLine) };
  }

  @Get('bundles/:version')
  @Describe({
    id: 'getBundle',
    tag: 'Bundles',
    summary: 'Get what there is to say of a version',
    params: VERSION,
    headers: PREFER,
    responses: {
      200: {
        description: 'The version',
        content: jsonOf('Bundle'),
        headers: ['ETag', 'Cache-Control', 'Content-Location', 'Link'],
      },
      304: UNCHANGED,
    },
  })
  async get(
    @Ctx() ctx: RequestContext,
    @Param('environment') environment: string,
    @Param('version') version: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | undefined> {
    const { value: tagged, etag } = await this.polls.read(request, reply, {
      environment,
      version: readPublished(version),
      what: 'bundle',
      read: async (asked) => {
        const bundle = await this.bundles.getTagged(ctx, environment, asked);
        return { value: bundle, etag: bundleEtag(bundle), version: bundle.version };
      },
    });
    // Tags come and go: only the manifests of a version are for ever.
    void reply.header('etag', etag).header('cache-control', 'private, no-cache').header('link', versionLinks(tagged));
    void reply.header('content-location', `/v1/environments/${environment}/bundles/${tagged.version}`);
    if (!noneMatchHits(request.headers['if-none-match'], etag)) return bundleView(tagged);
    void reply.status(304);
    return undefined;
  }
}
