import type { AnalysisLimits } from '../../platform/analysis-limits.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import type { AnalysisQuestion, WrittenAnswer } from '../../work/answer-analysis.js';
import type { WorkPool } from '../../work/work-pool.js';

/** Judges any Kubernetes manifests; stores nothing, and knows nothing of the model. All the work is in `answerAnalysis`, plain data in and out. */
export class AnalysisService {
  constructor(
    private readonly pool: WorkPool,
    private readonly limits: AnalysisLimits,
  ) {}

  /** Refuses what cannot be read, invalid policies, and answers beyond all measure. */
  async answer(ctx: RequestContext, question: Omit<AnalysisQuestion, 'yamlMib'>): Promise<WrittenAnswer> {
    requireScope(ctx, 'read');
    const bytes = question.body?.text.length ?? 0;
    return this.pool.run('answerAnalysis', { ...question, yamlMib: this.limits.yamlMib }, bytes);
  }
}
