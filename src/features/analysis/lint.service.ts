import type { Finding, Severity } from '../../domain/finding.js';
import { readManifests } from '../../domain/kubernetes/read-manifests.js';
import { lintManifests } from '../../domain/lint/manifests/lint-manifests.js';
import { type RequestContext, requireScope } from '../../platform/context.js';

/** The findings, worst first, and how many of each severity. */
export interface LintAnswer {
  readonly findings: readonly Finding[];
  readonly counts: Readonly<Record<Severity, number>>;
}

/** Says what is worth a look in any Kubernetes manifests; stores nothing. */
export class LintService {
  lint(ctx: RequestContext, manifests: unknown): LintAnswer {
    requireScope(ctx, 'read');
    const findings = lintManifests(readManifests(manifests ?? ''));
    const counts = { error: 0, warning: 0, info: 0 };
    for (const { severity } of findings) counts[severity] += 1;
    return { findings, counts };
  }
}
