import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HOPS, HOPS_MAX } from '../../domain/graph/paths.js';
import { PORT_MAX, PORT_MIN } from '../../domain/model/ports.js';
import type { RequestContext } from '../../platform/context.js';
import { negotiate } from '../../platform/http/negotiate.js';
import { Ctx, digits, filterText, ParsedQuery } from '../../platform/http/request.js';
import { Describe, jsonOf } from '../../platform/openapi/describe.js';
import { bufferOf } from './change-text.js';
import { ReachService } from './reach.service.js';
import { verdictView } from './verdict-view.js';
import { readVersion, VERSION_TEXT } from './version-ref.js';

const connectionsQuery = z.strictObject({
  from: filterText.optional().meta({ description: 'application/tier, or the name of a peer' }),
  to: filterText.optional().meta({ description: 'application/tier, or the name of a peer' }),
  port: digits(PORT_MIN, PORT_MAX).optional(),
  version: filterText.optional().meta({ description: `${VERSION_TEXT} (the default)` }),
});

const pathsQuery = z.strictObject({
  from: filterText.optional().meta({ description: 'application/tier, or the name of a peer' }),
  to: filterText.optional().meta({ description: 'application/tier, or the name of a peer' }),
  maxHops: digits(1, HOPS_MAX)
    .optional()
    .meta({ description: `How many hops at most, ${HOPS} by default` }),
  version: filterText.optional().meta({ description: `${VERSION_TEXT} (the default)` }),
});

const END = 'application/tier, the name of a peer, an IPv4 or IPv6 address, or a CIDR';

const reachabilityQuery = z.strictObject({
  from: filterText.meta({ description: END }),
  to: filterText.meta({ description: `${END}; one of the two is a tier` }),
  port: filterText
    .optional()
    .meta({ description: 'TCP/80, 80, or the name of a port of the destination; without it: on which ports?' }),
  version: filterText.optional().meta({ description: `${VERSION_TEXT} (the default)` }),
});

const ANSWERS = ['application/json', 'text/plain'] as const;

/** Who may reach whom, of a version or of the working model. */
@Controller('/v1/environments/:environment')
export class ReachController {
  constructor(private readonly reach: ReachService) {}

  @Get('reachability')
  @Describe({
    id: 'getReachability',
    tag: 'Connections',
    summary:
      'May one reach the other, and why: objects, rules, flows and their authors; or what is missing, and how to mend it',
    params: { environment: 'Name of the environment' },
    query: reachabilityQuery,
    responses: {
      200: {
        description: 'The verdict, allowed or denied',
        content: { ...jsonOf('Verdict'), 'text/plain': { schema: { type: 'string' } } },
      },
    },
  })
  async reachability(
    @Ctx() ctx: RequestContext,
    @Param('environment') environment: string,
    @ParsedQuery(reachabilityQuery) { version = 'draft', ...question }: z.output<typeof reachabilityQuery>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const type = negotiate(request.headers.accept, ANSWERS);
    const told = await this.reach.reachability(ctx, { environment, version: readVersion(version) }, question);
    if (type === 'application/json') return verdictView(told);
    void reply.header('content-type', 'text/plain; charset=utf-8');
    return told.sentences.map((sentence) => `${sentence}\n`).join('');
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
  async connections(
    @Ctx() ctx: RequestContext,
    @Param('environment') environment: string,
    @ParsedQuery(connectionsQuery) { version = 'draft', ...filter }: z.output<typeof connectionsQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const written = await this.reach.connections(ctx, { environment, version: readVersion(version) }, filter);
    void reply.header('content-type', 'application/json; charset=utf-8');
    return bufferOf(written);
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
    return this.reach.paths(ctx, { environment, version: readVersion(version) }, filter);
  }
}
