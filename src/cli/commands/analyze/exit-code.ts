import type { AnalysisAnswer } from '../../../domain/analysis/analyze.js';
import type { ExitCode } from '../../command.js';

/**
 * What an answer means to a shell. An error among the findings says that the answer may be wrong, so it comes first; then a
 * diff with a change, or an explanation that denies what was asked about, is 1.
 */
export function exitCodeOf(answer: AnalysisAnswer): ExitCode {
  if (answer.body.findings.some(({ severity }) => severity === 'error')) return 2;
  switch (answer.kind) {
    case 'connections':
    case 'exposure':
      return 0;
    case 'diff':
      return answer.body.changes.length === 0 ? 0 : 1;
    case 'explain': {
      const { port, allowed } = answer.body;
      return (port?.allowed ?? allowed !== 'No Connections') ? 0 : 1;
    }
  }
}
