import { analyze, type AnalysisAnswer, type ManifestSource } from '../domain/analysis/analyze.js';
import { type AnalysisFormat, writeAnswer } from '../domain/analysis/formats.js';
import { SluiceError } from '../domain/errors.js';
import type { EvaluateOptions } from '../domain/evaluate/options.js';
import type { Finding, Severity } from '../domain/finding.js';
import { readManifests } from '../domain/kubernetes/read-manifests.js';
import { lintManifests } from '../domain/lint/manifests/lint-manifests.js';
import { writeFindings } from '../domain/lint/write-findings.js';
import { analysisDiffSchema, analysisExplainSchema } from '../schema/analysis.js';
import { parseOrRefuse } from '../schema/parse.js';
import { ANALYSIS_DEPTH_MAX, type RawBody, readJson } from '../schema/read-json.js';

/** A question to the analysis, with its body as it was sent. */
export interface AnalysisQuestion {
  readonly kind: AnalysisAnswer['kind'] | 'lint';
  readonly body: RawBody | undefined;
  readonly options: Partial<EvaluateOptions>;
  /** Lint is told as JSON and as text. */
  readonly format: AnalysisFormat;
  /** How much YAML may stand in the strings of a JSON body. */
  readonly yamlMib: number;
}

/** The answer in its format, and how many findings it has of each severity. */
export interface WrittenAnswer {
  readonly text: string;
  readonly counts: Readonly<Record<Severity, number>>;
}

/** From the bytes of a body to those of the answer: read, judge, write. Heavy for a whole cluster, so it runs in a worker thread there. */
export function answerAnalysis(question: AnalysisQuestion): WrittenAnswer {
  if (question.kind === 'lint') return lintAnswer(question);
  const answer = analyze({ ...sourcesOf(question.kind, question), options: question.options });
  const text = question.format === 'json' ? JSON.stringify(answer.body) : writeAnswer(answer, question.format);
  return { text, counts: countsOf(answer.body.findings) };
}

function lintAnswer({ body, format }: AnalysisQuestion): WrittenAnswer {
  const findings = lintManifests(readManifests(manifestsOf(body)));
  const counts = countsOf(findings);
  return { text: format === 'json' ? JSON.stringify({ findings, counts }) : writeFindings(findings), counts };
}

function sourcesOf(kind: AnalysisAnswer['kind'], { body, yamlMib }: AnalysisQuestion) {
  switch (kind) {
    case 'connections':
    case 'exposure':
      return { kind, manifests: sourceOf(manifestsOf(body)) };
    case 'diff': {
      const { before, after } = parseOrRefuse(analysisDiffSchema, valueOf(body), 'the diff');
      refuseTooLong({ before, after }, yamlMib);
      return { kind, before: sourceOf(before), after: sourceOf(after) };
    }
    case 'explain': {
      const { manifests, from, to, port } = parseOrRefuse(analysisExplainSchema, valueOf(body), 'the question');
      refuseTooLong({ manifests }, yamlMib);
      return { kind, manifests: sourceOf(manifests), from, to, port };
    }
  }
}

/** Refuses (malformed) a JSON string: a text with manifests in it is a body of its own. */
function manifestsOf(body: RawBody | undefined): unknown {
  const value = valueOf(body);
  if (body?.media !== 'json' || typeof value !== 'string') return value;
  const detail = 'the body is a JSON string: send Kubernetes objects as JSON, or their YAML as application/yaml';
  throw new SluiceError('malformed', detail);
}

/** YAML is left as text: the reader of manifests names the line that is wrong. */
function valueOf(body: RawBody | undefined): unknown {
  return body?.media === 'json' ? readJson(body.text, ANALYSIS_DEPTH_MAX) : body?.text;
}

function sourceOf(value: unknown): ManifestSource {
  return { kind: 'value', value };
}

/** Texts within a JSON body are held to the limit of YAML bodies, unless they are JSON themselves. */
function refuseTooLong(texts: Readonly<Record<string, string>>, mib: number): void {
  const isLong = ([, text]: [string, string]): boolean =>
    !/^\s*[[{]/.test(text) && Buffer.byteLength(text) > mib * 1024 * 1024;
  const [first] = Object.entries(texts).find(isLong) ?? [];
  if (first !== undefined)
    throw new SluiceError('payload-too-large', `${first} is larger than the ${mib} MiB of YAML that this takes`);
}

function countsOf(findings: readonly Finding[]): WrittenAnswer['counts'] {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}
