import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestContext } from '../../platform/context.js';
import { negotiate } from '../../platform/http/negotiate.js';
import { Ctx } from '../../platform/http/request.js';
import { Describe, jsonOf } from '../../platform/openapi/describe.js';
import type { RawBody } from '../../schema/read-json.js';
import { MEDIA_TYPES, send } from './analysis-format.js';
import { AnalysisService } from './analysis.service.js';

const TYPES = [MEDIA_TYPES.json, MEDIA_TYPES.text] as const;

@Controller('/v1/analysis')
export class LintController {
  constructor(private readonly analysis: AnalysisService) {}

  @Post('lint')
  @HttpCode(200)
  @Describe({
    id: 'analyzeLint',
    tag: 'Analysis',
    summary: 'What is worth a look in these manifests, and how to mend it. Stores nothing',
    body: {
      description: 'Kubernetes manifests',
      content: {
        'application/yaml': { schema: { type: 'string' } },
        'application/json': { schema: { oneOf: [{ type: 'array', items: {} }, { type: 'object' }] } },
      },
    },
    responses: {
      200: {
        description: 'The findings, worst first',
        content: { ...jsonOf('AnalysisLint'), 'text/plain': { schema: { type: 'string' } } },
      },
    },
  })
  async lint(
    @Ctx() ctx: RequestContext,
    @Body() body: RawBody | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const format = negotiate(request.headers.accept, TYPES) === MEDIA_TYPES.text ? 'text' : 'json';
    return send(reply, await this.analysis.answer(ctx, { kind: 'lint', body, options: {}, format }), format);
  }
}
