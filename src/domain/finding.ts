import { compareText } from './errors.js';

export type Severity = 'error' | 'warning' | 'info';

/** Something a rule noticed. `path` says where: `flow/api-to-db`, `shop/allow-web-ingress`, or a field path in a manifest. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly path: string;
  readonly message: string;
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
