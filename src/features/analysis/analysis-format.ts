import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AnalysisAnswer } from '../../domain/analysis/analyze.js';
import { type AnalysisFormat, formatsOf } from '../../domain/analysis/formats.js';
import { SluiceError } from '../../domain/errors.js';
import { negotiate } from '../../platform/http/negotiate.js';
import type { WrittenAnswer } from '../../work/answer-analysis.js';

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

/** The answer as it was written; formats that have no place for findings have their numbers in a header. */
export function send(reply: FastifyReply, { text, counts }: WrittenAnswer, format: AnalysisFormat): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  if (some.length > 0)
    void reply.header('sluice-findings', some.map(([severity, count]) => `${severity}=${count}`).join(', '));
  void reply.header('content-type', `${MEDIA_TYPES[format]}; charset=utf-8`);
  return text;
}
