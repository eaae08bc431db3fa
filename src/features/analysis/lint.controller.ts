import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { writeFindings } from '../../domain/lint/write-findings.js';
import type { RequestContext } from '../../platform/context.js';
import { negotiate } from '../../platform/http/negotiate.js';
import { Ctx } from '../../platform/http/request.js';
import { Describe, jsonOf } from '../../platform/openapi/describe.js';
import { LintService } from './lint.service.js';

const MEDIA_TYPES = ['application/json', 'text/plain'] as const;

@Controller('/v1/analysis')
export class LintController {
  constructor(private readonly service: LintService) {}

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
        'application/json': { schema: { oneOf: [{ type: 'array', items: { type: 'object' } }, { type: 'object' }] } },
      },
    },
    responses: {
      200: {
        description: 'The findings, worst first',
        content: { ...jsonOf('AnalysisLint'), 'text/plain': { schema: { type: 'string' } } },
      },
    },
  })
  lint(
    @Ctx() ctx: RequestContext,
    @Body() manifests: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): object | string {
    const answer = this.service.lint(ctx, manifests);
    if (negotiate(request.headers.accept, MEDIA_TYPES) === 'application/json') return answer;
    void reply.header('content-type', 'text/plain; charset=utf-8');
    return writeFindings(answer.findings);
  }
}
