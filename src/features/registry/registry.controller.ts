import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { secretOf } from '../../platform/auth/authenticator.js';
import type { RequestContext } from '../../platform/context.js';
import { byteRange, contentRange } from '../../platform/http/byte-range.js';
import { noneMatchHits } from '../../platform/http/preconditions.js';
import { Ctx } from '../../platform/http/request.js';
import { readRegistryPath, type RegistryPath } from './registry-path.js';
import { type Found, RegistryService } from './registry.service.js';
import { readTagPage, tagPage } from './tag-page.js';

/** Clients ask again after that. */
const TOKEN_SECONDS = 300;

/**
 * The read part of the OCI distribution specification: whatever pulls images pulls bundles. Not in the OpenAPI document, as another
 * specification describes it. https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
@ApiExcludeController()
@Controller('/v2')
export class RegistryController {
  constructor(private readonly registry: RegistryService) {}

  /** Clients ask this first: it says that there is a registry, and that the token is good. */
  @Get()
  ping(@Res() reply: FastifyReply): void {
    sendJson(reply, 'application/json', Buffer.from('{}'));
  }

  /**
   * The token flow: who has a token gets it back, to be sent as `Bearer`. It can be revoked at once, and needs no second kind of token.
   * https://distribution.github.io/distribution/spec/auth/token/
   */
  @Get('token')
  token(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const token = secretOf(request.headers.authorization) ?? '';
    const given = {
      token,
      access_token: token,
      expires_in: TOKEN_SECONDS,
      issued_at: request.sluice.now.toISOString(),
    };
    void reply.headers({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    void reply.send(Buffer.from(JSON.stringify(given)));
  }

  @Get('*')
  async get(@Ctx() ctx: RequestContext, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const path = readRegistryPath(request.url.split('?', 1)[0] ?? '');
    switch (path.kind) {
      case 'manifests':
        return this.sendFound(await this.registry.manifest(ctx, path), request, reply);
      case 'blobs':
        return this.sendFound(await this.registry.blob(ctx, path), request, reply);
      case 'tags':
        return this.sendTags(ctx, path, request, reply);
      case 'referrers':
        return this.sendReferrers(ctx, path, request, reply);
    }
  }

  private async sendFound(found: Found, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const etag = `"${found.digest}"`;
    void reply.headers({
      etag,
      'docker-content-digest': found.digest,
      'cache-control': found.immutable ? 'private, max-age=31536000, immutable' : 'private, no-cache',
      'accept-ranges': 'bytes',
    });
    if (noneMatchHits(request.headers['if-none-match'], etag)) return void reply.status(304).send();
    // Of a HEAD there are no parts: https://www.rfc-editor.org/rfc/rfc9110#section-14.2
    const range = byteRange(request.method === 'GET' ? request.headers : {}, { size: found.size, etag });
    if (range.kind !== 'whole') void reply.header('content-range', contentRange(range, found.size));
    if (range.kind === 'unsatisfiable') return void reply.status(416).send();
    const bytes = await found.bytes();
    void reply.header('content-type', found.kind === 'manifest' ? found.mediaType : 'application/octet-stream');
    if (range.kind === 'whole') void reply.send(bytes);
    else void reply.status(206).send(bytes.subarray(range.first, range.last + 1));
  }

  private async sendTags(
    ctx: RequestContext,
    path: RegistryPath,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const { tags, next } = tagPage(await this.registry.tags(ctx, path), readTagPage(request.query));
    if (next !== undefined) void reply.header('link', `</v2/${path.repository}/tags/list?${next}>; rel="next"`);
    sendJson(reply, 'application/json', Buffer.from(JSON.stringify({ name: path.repository, tags })));
  }

  private async sendReferrers(
    ctx: RequestContext,
    path: RegistryPath,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const { artifactType } = request.query as Record<string, unknown>;
    const filter = typeof artifactType === 'string' && artifactType !== '' ? artifactType : undefined;
    const index = await this.registry.referrers(ctx, path, filter);
    if (filter !== undefined) void reply.header('oci-filters-applied', 'artifactType');
    sendJson(reply, index.mediaType, Buffer.from(index.bytes));
  }
}

/** As bytes: of a text Fastify would add a charset to the media type, which some clients take for another type. */
function sendJson(reply: FastifyReply, mediaType: string, bytes: Buffer): void {
  void reply.headers({ 'content-type': mediaType, 'cache-control': 'private, no-cache' }).send(bytes);
}
