import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RequestContext } from '../../platform/context.js';
import { nextUrl } from '../../platform/http/page.js';
import { Ctx, pagingQuery, ParsedQuery, writeQuery } from '../../platform/http/request.js';
import { Describe, jsonOf, pageOf } from '../../platform/openapi/describe.js';
import { TokenService } from './token.service.js';

const listQuery = pagingQuery.extend({
  revoked: z.enum(['true', 'false']).optional().meta({ description: 'true: also those that were revoked' }),
});

const ID = { id: 'Id of the token' };

@Controller('/v1/tokens')
export class TokenController {
  constructor(private readonly tokens: TokenService) {}

  @Get()
  @Describe({
    id: 'listTokens',
    tag: 'Tokens',
    summary: 'List tokens',
    query: listQuery,
    responses: {
      200: {
        description: 'One page',
        content: pageOf('Token'),
        headers: ['Link'],
      },
    },
  })
  async list(
    @Ctx() ctx: RequestContext,
    @ParsedQuery(listQuery) query: z.output<typeof listQuery>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const page = await this.tokens.list(ctx, { revoked: query.revoked === 'true' }, query);
    if (page.nextPageToken !== undefined)
      void reply.header('link', `<${nextUrl(request.url, page.nextPageToken)}>; rel="next"`);
    return page;
  }

  @Post()
  @Describe({
    id: 'createToken',
    tag: 'Tokens',
    summary: 'Create a token: its secret is in this reply and nowhere else',
    query: writeQuery,
    headers: {
      'Idempotency-Key': { description: 'The same key and body: the stored reply, but without the secret' },
      'Sluice-Reason': { description: 'Why' },
    },
    body: { description: 'The token', content: jsonOf('TokenInput') },
    responses: {
      201: {
        description: 'The token with its secret',
        content: jsonOf('Token'),
        headers: ['Location', 'Cache-Control'],
      },
    },
  })
  async create(
    @Ctx() ctx: RequestContext,
    @ParsedQuery(writeQuery) _query: unknown,
    @Body() raw: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const token = await this.tokens.create(ctx, raw);
    void reply.header('location', `/v1/tokens/${token.id}`).header('cache-control', 'no-store');
    return token;
  }

  @Get(':id')
  @Describe({
    id: 'getToken',
    tag: 'Tokens',
    summary: 'Get one token',
    params: ID,
    responses: { 200: { description: 'The token', content: jsonOf('Token') } },
  })
  get(@Ctx() ctx: RequestContext, @Param('id') id: string): Promise<object> {
    return this.tokens.get(ctx, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @Describe({
    id: 'revokeToken',
    tag: 'Tokens',
    summary: 'Revoke a token, at once',
    params: ID,
    query: writeQuery,
    headers: { 'Sluice-Reason': { description: 'Why' } },
    responses: { 204: { description: 'Revoked' } },
  })
  revoke(@Ctx() ctx: RequestContext, @Param('id') id: string, @ParsedQuery(writeQuery) _query: unknown): Promise<void> {
    return this.tokens.revoke(ctx, id);
  }
}
