import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestContext } from '../../platform/context.js';
import { KeptAnswers } from '../../platform/http/kept-answers.js';
import { acceptsGzip, negotiate } from '../../platform/http/negotiate.js';
import { noneMatchHits } from '../../platform/http/preconditions.js';
import { Ctx } from '../../platform/http/request.js';
import { Describe } from '../../platform/openapi/describe.js';
import { cacheControl, versionLinks } from './bundle-view.js';
import { BundleService, type Representation } from './bundle.service.js';
import { LongPoll } from './long-poll.js';
import { PREFER, UNCHANGED } from './prefer-doc.js';
import { PUBLISHED_TEXT, readPublished } from './version-ref.js';

const FORMATS = { yaml: 'application/yaml', json: 'application/json', tar: 'application/gzip' } as const;
const MEDIA_TYPES = [FORMATS.yaml, FORMATS.json, FORMATS.tar] as const;
type Format = keyof typeof FORMATS;

/**
 * What a client gets that takes gzip as a content coding: bytes of its own, with a digest of their own. The archive is compressed already, and the
 * List, which is made of the YAML, never: nothing is compressed on reading.
 */
function codedAs(format: Format, accepted: string | undefined): Representation {
  return format === 'yaml' && acceptsGzip(accepted) ? 'yamlGzip' : format;
}

const bytes = { schema: { type: 'string', format: 'binary' } };
const CONTENT = {
  'application/yaml': { schema: { type: 'string', description: 'One stream of NetworkPolicies' } },
  'application/json': { schema: { type: 'object', description: 'A Kubernetes List' } },
  'application/gzip': bytes,
};

function doc(id: string, summary: string, content: Record<string, object>) {
  return {
    id,
    tag: 'Manifests',
    summary,
    params: { environment: 'Name of the environment', version: PUBLISHED_TEXT },
    headers: PREFER,
    responses: {
      200: {
        description: 'The manifests, byte for byte as they were published',
        content,
        headers: ['ETag', 'Cache-Control', 'Content-Location', 'Link', 'Repr-Digest'] as const,
      },
      304: UNCHANGED,
    },
  };
}

/** What CI fetches: the stored bytes of a version, by media type or by suffix. */
@Controller('/v1/environments/:environment/bundles/:version')
export class ManifestsController {
  constructor(
    private readonly bundles: BundleService,
    private readonly polls: LongPoll,
    private readonly kept: KeptAnswers,
  ) {}

  @Get('manifests')
  @Describe(doc('getManifests', 'Fetch the manifests; YAML where nothing is asked', CONTENT))
  negotiated(@Ctx() ctx: RequestContext, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const mediaType = negotiate(request.headers.accept, MEDIA_TYPES);
    const format = (Object.keys(FORMATS) as Format[]).find((name) => FORMATS[name] === mediaType) ?? 'yaml';
    return this.send(ctx, request, reply, format);
  }

  @Get('manifests.yaml')
  @Describe(doc('getManifestsYaml', 'Fetch the manifests as YAML', { 'application/yaml': CONTENT['application/yaml'] }))
  yaml(@Ctx() ctx: RequestContext, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.send(ctx, request, reply, 'yaml');
  }

  @Get('manifests.json')
  @Describe(
    doc('getManifestsJson', 'Fetch the manifests as a Kubernetes List', {
      'application/json': CONTENT['application/json'],
    }),
  )
  json(@Ctx() ctx: RequestContext, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.send(ctx, request, reply, 'json');
  }

  @Get('manifests.tar.gz')
  @Describe(
    doc('getManifestsTar', 'Fetch the manifests as an archive with a kustomization.yaml', {
      'application/gzip': bytes,
    }),
  )
  tar(@Ctx() ctx: RequestContext, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.send(ctx, request, reply, 'tar');
  }

  private async send(ctx: RequestContext, request: FastifyRequest, reply: FastifyReply, format: Format): Promise<void> {
    const { environment = '', version = '' } = request.params as Record<string, string>;
    const name = request.routeOptions.url?.split('/').at(-1) ?? 'manifests';
    const kind = codedAs(format, request.headers['accept-encoding']);
    const ref = readPublished(version);
    const { value, etag } = await this.polls.read(request, reply, {
      environment,
      version: ref,
      what: kind,
      read: async (asked) => {
        const manifests = await this.bundles.manifests(ctx, environment, asked, kind);
        return { value: manifests, etag: `"${manifests.digest}"`, version: manifests.bundle.version };
      },
    });
    const { bundle, digest, bytes } = value;
    void reply.headers({
      etag,
      'cache-control': cacheControl(ref),
      'content-location': `/v1/environments/${environment}/bundles/${bundle.version}/${name}`,
      link: versionLinks(bundle),
      vary: name === 'manifests' ? 'Accept, Accept-Encoding' : 'Accept-Encoding',
      'sluice-version': bundle.version,
      'sluice-revision': bundle.revision,
    });
    const lasting = request.headers.prefer === undefined ? this.bundles.lasting(value, ref) : undefined;
    if (lasting !== undefined) this.kept.keep(request, reply, lasting);
    if (noneMatchHits(request.headers['if-none-match'], etag)) return void reply.status(304).send();
    const sum = Buffer.from(digest.slice('sha256:'.length), 'hex').toString('base64');
    if (kind === 'yamlGzip') void reply.header('content-encoding', 'gzip');
    void reply.headers({ 'content-type': FORMATS[format], 'repr-digest': `sha-256=:${sum}:` }).send(await bytes());
  }
}
