import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RequestContext } from '../../platform/context.js';
import { REVISION_HEADER } from '../../platform/http/min-revision.js';
import { nextUrl } from '../../platform/http/page.js';
import { Ctx, filterText, pagingQuery, ParsedQuery } from '../../platform/http/request.js';
import { Describe, pageOf } from '../../platform/openapi/describe.js';
import { ChangeService } from './change.service.js';
import { since } from './since.js';

const listQuery = pagingQuery.extend({
  resource: filterText
    .optional()
    .meta({ description: 'team, application, tier, peer, environment, placement, flow, tag, webhook or webhook-key' }),
  name: filterText.optional().meta({ description: 'The name of the object, as in shop/frontend' }),
  actor: filterText.optional().meta({ description: 'The name of the token' }),
  since: since.optional().meta({ description: 'Changes after this revision, or from this time on (RFC 3339)' }),
});

@Controller('/v1/changes')
export class ChangeController {
  constructor(private readonly changes: ChangeService) {}

  @Get()
  @Describe({
    id: 'listChanges',
    tag: 'Changes',
    summary: 'The change log, newest first: who, when, why, what, before and after',
    query: listQuery,
    responses: {
      200: {
        description: 'One page',
        content: pageOf('Change'),
        headers: ['Link', 'Sluice-Revision'],
      },
    },
  })
  async list(
    @Ctx() ctx: RequestContext,
    @ParsedQuery(listQuery) query: z.output<typeof listQuery>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { pageSize, pageToken, ...filter } = query;
    const { page, modelRevision } = await this.changes.listAt(ctx, filter, { pageSize, pageToken });
    void reply.header(REVISION_HEADER, modelRevision);
    if (page.nextPageToken !== undefined)
      void reply.header('link', `<${nextUrl(request.url, page.nextPageToken)}>; rel="next"`);
    return page;
  }
}
