import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AnalysisAnswer } from '../../domain/analysis/analyze.js';
import { type AnalysisFormat, formatsOf, writeAnswer } from '../../domain/analysis/formats.js';
import { SluiceError } from '../../domain/errors.js';
import type { Severity } from '../../domain/finding.js';
import { negotiate } from '../../platform/http/negotiate.js';

/** Each format of an answer, and its media type. */
export const MEDIA_TYPES: Record<AnalysisFormat, string> = {
  json: 'application/json',
  text: 'text/plain',
  csv: 'text/csv',
  md: 'text/markdown',
  dot: 'text/vnd.graphviz',
};

/** What a client asks for, by `?format=` or by Accept; JSON where it asks for nothing. Refuses (not-acceptable) what there is not. */
export function formatFor(
  request: FastifyRequest,
  kind: AnalysisAnswer['kind'],
  wanted: AnalysisFormat | undefined,
): AnalysisFormat {
  const formats = formatsOf(kind);
  if (wanted !== undefined && formats.includes(wanted)) return wanted;
  if (wanted !== undefined)
    throw new SluiceError('not-acceptable', `this can be had as ${formats.join(', ')}, not as ${wanted}`);
  const [first = 'json', ...others] = formats;
  const type = negotiate(request.headers.accept, [MEDIA_TYPES[first], ...others.map((name) => MEDIA_TYPES[name])]);
  return formats.find((name) => MEDIA_TYPES[name] === type) ?? 'json';
}

/** The answer in the format; formats that have no place for findings have their numbers in a header. */
export function send(reply: FastifyReply, answer: AnalysisAnswer, format: AnalysisFormat): object | string {
  const counts = countsOf(answer);
  if (counts !== '') void reply.header('sluice-findings', counts);
  if (format === 'json') return answer.body;
  void reply.header('content-type', `${MEDIA_TYPES[format]}; charset=utf-8`);
  return writeAnswer(answer, format);
}

function countsOf({ body }: AnalysisAnswer): string {
  const severities: readonly Severity[] = ['error', 'warning', 'info'];
  return severities
    .map((severity) => `${severity}=${body.findings.filter((finding) => finding.severity === severity).length}`)
    .filter((text) => !text.endsWith('=0'))
    .join(', ');
}
