import { Controller, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { AnalysisAnswer } from '../../domain/analysis/analyze.js';
import { formatsOf } from '../../domain/analysis/formats.js';
import { Describe, jsonOf, ref, type OperationDoc } from '../../platform/openapi/describe.js';
import { formatFor, MEDIA_TYPES, send } from './analysis-format.js';
import { analysisQuery, optionsOf } from './analysis-query.js';
import { AnalysisService } from './analysis.service.js';
import { type AskedQuestion, Question } from './question.js';

const MANIFESTS = {
  description: 'Kubernetes manifests',
  content: {
    'application/yaml': { schema: { type: 'string' } },
    'application/json': {
      schema: { oneOf: [{ type: 'array', items: {} }, { type: 'object' }] },
    },
  },
};

/** Every question has the same switches, and an answer in the same formats. */
function doc(
  kind: AnalysisAnswer['kind'],
  answer: string,
  said: Pick<OperationDoc, 'id' | 'summary' | 'description' | 'body'>,
): OperationDoc {
  const texts = formatsOf(kind).filter((format) => format !== 'json');
  const content = {
    ...jsonOf(answer),
    ...Object.fromEntries(texts.map((format) => [MEDIA_TYPES[format], { schema: { type: 'string' } }])),
  };
  const headers = ['Sluice-Findings'] as const;
  const responses = { 200: { description: 'The answer', content, headers } };
  return { tag: 'Analysis', query: analysisQuery, responses, ...said };
}

/** Any Kubernetes manifests, judged; nothing is stored. */
@Controller('/v1/analysis')
export class AnalysisController {
  constructor(private readonly analysis: AnalysisService) {}

  @Post('connections')
  @HttpCode(200)
  @Describe(
    doc('connections', 'AnalysisConnections', {
      id: 'analyzeConnections',
      summary: 'Who may talk to whom by these manifests. Stores nothing',
      body: MANIFESTS,
    }),
  )
  connections(@Question() question: AskedQuestion, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.answer('connections', question, reply);
  }

  @Post('exposure')
  @HttpCode(200)
  @Describe(
    doc('exposure', 'AnalysisExposure', {
      id: 'analyzeExposure',
      summary: 'What could reach these workloads, or be reached by them, that is not in the manifests. Stores nothing',
      description:
        "What each workload's own policies leave open to pods that may come and to addresses outside, and the workloads that no policy isolates. What is open to wider pods is not said again of narrower ones.",
      body: MANIFESTS,
    }),
  )
  exposure(@Question() question: AskedQuestion, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.answer('exposure', question, reply);
  }

  @Post('diff')
  @HttpCode(200)
  @Describe(
    doc('diff', 'AnalysisDiff', {
      id: 'analyzeDiff',
      summary: 'What changes in who may talk to whom between two sets of manifests. Stores nothing',
      body: { description: 'Both sets', content: { 'application/json': { schema: ref('AnalysisDiffInput') } } },
    }),
  )
  diff(@Question() question: AskedQuestion, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.answer('diff', question, reply);
  }

  @Post('explain')
  @HttpCode(200)
  @Describe(
    doc('explain', 'AnalysisExplanation', {
      id: 'analyzeExplain',
      summary: 'May one talk to the other by these manifests, and why. Stores nothing',
      body: { description: 'The question', content: { 'application/json': { schema: ref('AnalysisExplainInput') } } },
    }),
  )
  explain(@Question() question: AskedQuestion, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.answer('explain', question, reply);
  }

  private async answer(
    kind: AnalysisAnswer['kind'],
    { ctx, body, query, request }: AskedQuestion,
    reply: FastifyReply,
  ): Promise<string> {
    const format = formatFor(request, kind, query.format);
    const answer = await this.analysis.answer(ctx, { kind, body, options: optionsOf(query), format });
    return send(reply, answer, format);
  }
}
