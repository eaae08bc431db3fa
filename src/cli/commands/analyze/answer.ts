import { analyze, type AnalysisAnswer, type AnalysisRequest } from '../../../domain/analysis/analyze.js';
import { type AnalysisFormat, formatsOf, writeAnswer } from '../../../domain/analysis/formats.js';
import type { Finding } from '../../../domain/finding.js';
import { plain } from '../../../domain/overview/plain.js';
import type { ExitCode, Io } from '../../command.js';
import type { Option } from '../../option.js';
import { choiceOf, type Words } from '../../words.js';
import { exitCodeOf } from './exit-code.js';
import { SWITCH_OPTIONS } from './switches.js';

/** The options of a question: its own, and those that all have. */
export function questionOptions(kind: AnalysisAnswer['kind'], own: readonly Option[] = []): Option[] {
  return [
    ...own,
    { name: 'format', kind: 'value', choices: formatsOf(kind), summary: 'text by default' },
    { name: 'quiet', kind: 'flag', summary: 'only findings that are errors' },
    ...SWITCH_OPTIONS,
  ];
}

/** Text, where nothing else is asked for. */
function formatOf(words: Words, kind: AnalysisAnswer['kind']): AnalysisFormat {
  return choiceOf(words, 'format', formatsOf(kind)) ?? 'text';
}

/** Answers on `out`, with the findings on `err`, and gives the exit code that the answer means. */
export function answer(request: AnalysisRequest, words: Words, io: Io): ExitCode {
  const given = analyze(request);
  io.out(writeAnswer(given, formatOf(words, request.kind)));
  const { findings } = given.body;
  const shown = words.flags.has('quiet') ? findings.filter(({ severity }) => severity === 'error') : findings;
  io.err(shown.map(lineOf).join(''));
  return exitCodeOf(given);
}

function lineOf({ severity, code, path, message }: Finding): string {
  return `${severity} ${plain(`${code} ${path}: ${message}`)}\n`;
}

/** What every `--help` says. */
export const HELP = `A folder means all *.yaml, *.yml and *.json below it; - is standard input. Results go to standard output,
findings and errors to standard error. Nothing is sent anywhere.`;

/** The end of every `--help`. */
export function exitCodes(codes: string): string {
  return `Exit code: ${codes}, 2 it cannot tell: input that cannot be read,
invalid NetworkPolicies, policies of other kinds that the answer does not include, or wrong options.`;
}
