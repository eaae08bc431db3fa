import { analyze, type AnalysisAnswer, type ManifestSource } from '../../domain/analysis/analyze.js';
import { SluiceError } from '../../domain/errors.js';
import type { EvaluateOptions } from '../../domain/evaluate/options.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import type { AnalysisLimits } from '../../platform/analysis-limits.js';
import { analysisDiffSchema, analysisExplainSchema } from '../../schema/analysis.js';
import { parseOrRefuse } from '../../schema/parse.js';

type Options = Partial<EvaluateOptions>;

/** Judges any Kubernetes manifests; stores nothing, and knows nothing of the model. All the work is in `analyze`, plain data in and out. */
export class AnalysisService {
  constructor(private readonly limits: AnalysisLimits) {}

  /** Every pair between which the manifests allow anything. */
  connections(ctx: RequestContext, manifests: unknown, options: Options): AnalysisAnswer {
    requireScope(ctx, 'read');
    return analyze({ kind: 'connections', manifests: valueOf(manifests), options });
  }

  /** What could reach each workload, or be reached by it, that is not in the manifests. */
  exposure(ctx: RequestContext, manifests: unknown, options: Options): AnalysisAnswer {
    requireScope(ctx, 'read');
    return analyze({ kind: 'exposure', manifests: valueOf(manifests), options });
  }

  /** What is allowed after and not before, or no longer, or on other ports. */
  diff(ctx: RequestContext, raw: unknown, options: Options): AnalysisAnswer {
    requireScope(ctx, 'read');
    const { before, after } = parseOrRefuse(analysisDiffSchema, raw, 'the diff');
    this.refuseTooLong({ before, after });
    return analyze({ kind: 'diff', before: valueOf(before), after: valueOf(after), options });
  }

  /** May one talk to the other, and which policies and rules say so? */
  explain(ctx: RequestContext, raw: unknown, options: Options): AnalysisAnswer {
    requireScope(ctx, 'read');
    const { manifests, from, to, port } = parseOrRefuse(analysisExplainSchema, raw, 'the question');
    this.refuseTooLong({ manifests });
    return analyze({ kind: 'explain', manifests: valueOf(manifests), from, to, port, options });
  }

  /** Texts within a JSON body are held to the limit of YAML bodies, unless they are JSON themselves. */
  private refuseTooLong(texts: Readonly<Record<string, string>>): void {
    const mib = this.limits.yamlMib;
    const long = Object.entries(texts).filter(
      ([, text]) => !/^\s*[[{]/.test(text) && Buffer.byteLength(text) > mib * 1024 * 1024,
    );
    const [first] = long;
    if (first !== undefined)
      throw new SluiceError('payload-too-large', `${first[0]} is larger than the ${mib} MiB of YAML that this takes`);
  }
}

function valueOf(value: unknown): ManifestSource {
  return { kind: 'value', value };
}
