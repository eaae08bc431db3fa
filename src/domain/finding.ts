import { compareText } from './errors.js';

export type Severity = 'error' | 'warning' | 'info';

/**
 * Something a rule noticed. `path` says where: `flow/api-to-db`, `shop/allow-web-ingress`, or with a field as in
 * `shop/allow-web-ingress spec.ingress[0].ports[1].port`.
 */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly path: string;
  readonly message: string;
  /** What stands there, as a short text. */
  readonly value?: string;
  /** What to do about it. */
  readonly mend?: string;
}

const RANK: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

/** Worst first, then by path, code and message: a list in one fixed order whatever order the rules ran in. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      RANK[a.severity] - RANK[b.severity] ||
      compareText(a.path, b.path) ||
      compareText(a.code, b.code) ||
      compareText(a.message, b.message),
  );
}
