import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { EvaluateOptions } from '../../domain/evaluate/options.js';
import type { RequestContext } from '../../platform/context.js';
import { negotiate } from '../../platform/http/negotiate.js';
import { Ctx, ParsedQuery } from '../../platform/http/request.js';
import { Describe, jsonOf, ref } from '../../platform/openapi/describe.js';
import { AnalysisService } from './analysis.service.js';

const flag = z.enum(['true', 'false']).optional();

const optionsQuery = z.strictObject({
  ipBlockMatchesPods: flag.meta({ description: 'An ipBlock matches pods by their address (default true)' }),
  sidecarNamedPorts: flag.meta({ description: 'Named ports of restartable init containers count (default true)' }),
  namedPorts: z.enum(['union', 'first']).optional().meta({
    description:
      'Where containers of a pod reuse a port name: all of them (default), or the first (default where ipBlockMatchesPods is false)',
  }),
  ipv6: z
    .enum(['when-used', 'always', 'never'])
    .optional()
    .meta({ description: 'Whether there are IPv6 ranges in the answer (default: where a policy has an IPv6 block)' }),
});
type OptionsQuery = z.output<typeof optionsQuery>;

const MEDIA_TYPES = ['application/json', 'text/plain'] as const;
const MANIFESTS = {
  'application/yaml': { schema: { type: 'string' } },
  'application/json': {
    schema: { oneOf: [{ type: 'array', items: { type: 'object' } }, { type: 'object' }] },
  },
};

function responseOf(id: string, description: string) {
  return { 200: { description, content: { ...jsonOf(id), 'text/plain': { schema: { type: 'string' } } } } };
}

@Controller('/v1/analysis')
export class AnalysisController {
  constructor(private readonly analysis: AnalysisService) {}

  @Post('connections')
  @HttpCode(200)
  @Describe({
    id: 'analyzeConnections',
    tag: 'Analysis',
    summary: 'Who may talk to whom by these manifests. Stores nothing',
    query: optionsQuery,
    body: { description: 'Kubernetes manifests', content: MANIFESTS },
    responses: responseOf('AnalysisConnections', 'The connections'),
  })
  connections(
    @Ctx() ctx: RequestContext,
    @Body() manifests: unknown,
    @ParsedQuery(optionsQuery) query: OptionsQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): object | string {
    const answer = this.analysis.connections(ctx, manifests, optionsOf(query));
    return send(request, reply, answer, () =>
      answer.connections.map(({ src, dst, conn }) => `${src} => ${dst} : ${conn}`),
    );
  }

  @Post('diff')
  @HttpCode(200)
  @Describe({
    id: 'analyzeDiff',
    tag: 'Analysis',
    summary: 'What changes in who may talk to whom between two sets of manifests. Stores nothing',
    query: optionsQuery,
    body: { description: 'Both sets', content: { 'application/json': { schema: ref('AnalysisDiffInput') } } },
    responses: responseOf('AnalysisDiff', 'The changes'),
  })
  diff(
    @Ctx() ctx: RequestContext,
    @Body() body: unknown,
    @ParsedQuery(optionsQuery) query: OptionsQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): object | string {
    const answer = this.analysis.diff(ctx, body, optionsOf(query));
    return send(request, reply, answer, () =>
      answer.changes.map(({ type, src, dst, before, after }) => `${type} ${src} => ${dst} : ${before} -> ${after}`),
    );
  }

  @Post('explain')
  @HttpCode(200)
  @Describe({
    id: 'analyzeExplain',
    tag: 'Analysis',
    summary: 'May one talk to the other by these manifests, and why. Stores nothing',
    query: optionsQuery,
    body: { description: 'The question', content: { 'application/json': { schema: ref('AnalysisExplainInput') } } },
    responses: { 200: { description: 'The verdict', content: jsonOf('AnalysisExplanation') } },
  })
  explain(@Ctx() ctx: RequestContext, @Body() body: unknown, @ParsedQuery(optionsQuery) query: OptionsQuery): object {
    return this.analysis.explain(ctx, body, optionsOf(query));
  }
}

function optionsOf({
  ipBlockMatchesPods,
  sidecarNamedPorts,
  namedPorts,
  ipv6,
}: OptionsQuery): Partial<EvaluateOptions> {
  return {
    ...(ipBlockMatchesPods === undefined ? {} : { ipBlockMatchesPods: ipBlockMatchesPods === 'true' }),
    ...(sidecarNamedPorts === undefined ? {} : { sidecarNamedPorts: sidecarNamedPorts === 'true' }),
    ...(namedPorts === undefined ? {} : { namedPorts }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
  };
}

/** JSON, or one line for each item as text. */
function send(request: FastifyRequest, reply: FastifyReply, answer: object, lines: () => string[]): object | string {
  if (negotiate(request.headers.accept, MEDIA_TYPES) === 'application/json') return answer;
  void reply.header('content-type', 'text/plain; charset=utf-8');
  return lines()
    .map((line) => `${line}\n`)
    .join('');
}
