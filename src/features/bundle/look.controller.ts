import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { SluiceError } from '../../domain/errors.js';
import { PORT_MAX, PORT_MIN } from '../../domain/model/ports.js';
import { HOPS, HOPS_MAX } from '../../domain/graph/paths.js';
import type { RequestContext } from '../../platform/context.js';
import { Ctx, digits, filterText, ParsedQuery } from '../../platform/http/request.js';
import { Describe, jsonOf } from '../../platform/openapi/describe.js';
import { BundleService } from './bundle.service.js';
import { isOverviewFormat, OVERVIEW_FORMATS } from './overview-format.js';
import { readVersion } from './version-ref.js';

const diffQuery = z.strictObject({
  environment: filterText
    .optional()
    .meta({ description: 'The environment of the other version, where it is another one' }),
});

const connectionsQuery = z.strictObject({
  from: filterText.optional().meta({ description: 'application/tier, or the name of a peer' }),
  to: filterText.optional().meta({ description: 'application/tier, or the name of a peer' }),
  port: digits(PORT_MIN, PORT_MAX).optional(),
  version: filterText.optional().meta({ description: 'A number, latest or draft (the default)' }),
});

const pathsQuery = z.strictObject({
  from: filterText.optional().meta({ description: 'application/tier, or the name of a peer' }),
  to: filterText.optional().meta({ description: 'application/tier, or the name of a peer' }),
  maxHops: digits(1, HOPS_MAX)
    .optional()
    .meta({ description: `How many hops at most, ${HOPS} by default` }),
  version: filterText.optional().meta({ description: 'A number, latest or draft (the default)' }),
});

const ANY_VERSION = { environment: 'Name of the environment', version: 'A number, latest or draft' };

/** Ways to look at a version, or at the working model as a draft of one. */
@Controller('/v1/environments/:environment')
export class LookController {
  constructor(private readonly bundles: BundleService) {}

  @Get('bundles/:version/diff/:other')
  @Describe({
    id: 'diffBundles',
    tag: 'Bundles',
    summary: 'What changes from one version to another, by objects and by flows',
    params: { ...ANY_VERSION, other: 'A number, latest or draft' },
    query: diffQuery,
    responses: { 200: { description: 'The differences', content: jsonOf('BundleDiff') } },
  })
  diff(
    @Ctx() ctx: RequestContext,
    @Param() params: Record<'environment' | 'version' | 'other', string>,
    @ParsedQuery(diffQuery) query: z.output<typeof diffQuery>,
  ): Promise<object> {
    const { environment, version, other } = params;
    const from = { environment, version: readVersion(version) };
    return this.bundles.diff(ctx, from, { environment: query.environment ?? environment, version: readVersion(other) });
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
  ): Promise<string> {
    const format = isOverviewFormat(params.format) ? OVERVIEW_FORMATS[params.format] : undefined;
    if (format === undefined)
      throw new SluiceError(
        'not-found',
        `overview.${params.format} does not exist (have: ${Object.keys(OVERVIEW_FORMATS).join(', ')})`,
      );
    const model = await this.bundles.overview(ctx, {
      environment: params.environment,
      version: readVersion(params.version),
    });
    void reply.header('content-type', format.type);
    return format.write(model);
  }

  @Get('connections')
  @Describe({
    id: 'listConnections',
    tag: 'Connections',
    summary: 'The allowed connections, and the flows that allow them',
    params: { environment: 'Name of the environment' },
    query: connectionsQuery,
    responses: { 200: { description: 'Sorted by source and destination', content: jsonOf('Connections') } },
  })
  connections(
    @Ctx() ctx: RequestContext,
    @Param('environment') environment: string,
    @ParsedQuery(connectionsQuery) { version = 'draft', ...filter }: z.output<typeof connectionsQuery>,
  ): Promise<object> {
    return this.bundles.connections(ctx, { environment, version: readVersion(version) }, filter);
  }

  @Get('paths')
  @Describe({
    id: 'listPaths',
    tag: 'Connections',
    summary: 'What can be reached over several hops: from an end, to an end, or every way between two',
    params: { environment: 'Name of the environment' },
    query: pathsQuery,
    responses: { 200: { description: 'Shortest first, each hop with its flows', content: jsonOf('Paths') } },
  })
  paths(
    @Ctx() ctx: RequestContext,
    @Param('environment') environment: string,
    @ParsedQuery(pathsQuery) { version = 'draft', ...filter }: z.output<typeof pathsQuery>,
  ): Promise<object> {
    return this.bundles.paths(ctx, { environment, version: readVersion(version) }, filter);
  }
}
