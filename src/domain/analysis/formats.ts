import { SluiceError } from '../errors.js';
import type { AnalysisAnswer } from './analyze.js';
import { connectionsReport } from './report/connections-report.js';
import { diffReport } from './report/diff-report.js';
import { explainReport } from './report/explain-report.js';
import { exposureReport } from './report/exposure-report.js';
import type { Report } from './report/report.js';
import { writeCsv } from './report/write-csv.js';
import { writeDot } from './report/write-dot.js';
import { writeMarkdown } from './report/write-markdown.js';
import { writeText } from './report/write-text.js';

export const ANALYSIS_FORMATS = ['json', 'text', 'csv', 'md', 'dot'] as const;
export type AnalysisFormat = (typeof ANALYSIS_FORMATS)[number];

/**
 * The formats an answer of this kind can be had in: an explanation is no graph.
 * @example formatsOf('explain') // ['json', 'text', 'csv', 'md']
 */
export function formatsOf(kind: AnalysisAnswer['kind']): readonly AnalysisFormat[] {
  return kind === 'explain' ? ANALYSIS_FORMATS.filter((format) => format !== 'dot') : ANALYSIS_FORMATS;
}

/**
 * Writes an answer. Refuses (not-acceptable) a format that this kind of answer does not have.
 * @example writeAnswer(analyze(request), 'text') // 'shop/web[Deployment] => shop/db[StatefulSet] : TCP 5432\n'
 */
export function writeAnswer(answer: AnalysisAnswer, format: AnalysisFormat): string {
  if (format === 'json') return `${JSON.stringify(answer.body, null, 2)}\n`;
  const report = reportOf(answer);
  switch (format) {
    case 'text':
      return writeText(report);
    case 'csv':
      return writeCsv(report);
    case 'md':
      return writeMarkdown(report);
    case 'dot': {
      if (report.graph !== undefined) return writeDot(report, report.graph());
      const formats = formatsOf(answer.kind).join(', ');
      throw new SluiceError('not-acceptable', `${answer.kind} can be had as ${formats}, not as ${format}`);
    }
  }
}

function reportOf(answer: AnalysisAnswer): Report {
  switch (answer.kind) {
    case 'connections':
      return connectionsReport(answer.body);
    case 'diff':
      return diffReport(answer.body);
    case 'explain':
      return explainReport(answer.body);
    case 'exposure':
      return exposureReport(answer.body);
  }
}
