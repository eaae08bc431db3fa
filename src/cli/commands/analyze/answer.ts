import { analyze, type AnalysisAnswer, type AnalysisRequest } from '../../../domain/analysis/analyze.js';
import { type AnalysisFormat, formatsOf, writeAnswer } from '../../../domain/analysis/formats.js';
import type { Finding } from '../../../domain/finding.js';
import { plain } from '../../../domain/overview/plain.js';
import type { ExitCode, Io } from '../../command.js';
import { choiceOf, type KnownWords, readWords, type Words } from '../../words.js';
import { exitCodeOf } from './exit-code.js';
import { SWITCH_NAMES, SWITCHES_HELP } from './switches.js';

/** Reads the words of a question: those that all have, and its own. */
export function questionWords(words: readonly string[], own: KnownWords = {}): Words {
  const values = ['format', ...SWITCH_NAMES, ...(own.values ?? [])];
  return readWords(words, { values, flags: ['quiet'], lists: own.lists ?? [] });
}

/** Text, where nothing else is asked for. Refuses what this kind of answer cannot be had in, before anything is read. */
export function formatOf(words: Words, kind: AnalysisAnswer['kind']): AnalysisFormat {
  return choiceOf(words, 'format', formatsOf(kind)) ?? 'text';
}

/** Answers on `out`, with the findings on `err`, and gives the exit code that the answer means. */
export function answer(request: AnalysisRequest, words: Words, io: Io): ExitCode {
  const format = formatOf(words, request.kind);
  const given = analyze(request);
  io.out(writeAnswer(given, format));
  const { findings } = given.body;
  const shown = words.flags.has('quiet') ? findings.filter(({ severity }) => severity === 'error') : findings;
  io.err(shown.map(lineOf).join(''));
  return exitCodeOf(given);
}

function lineOf({ severity, code, path, message }: Finding): string {
  return `${severity} ${plain(`${code} ${path}: ${message}`)}\n`;
}

/** The end of every `--help`. */
export function helpOf(kind: AnalysisAnswer['kind'], own: string, codes: string): string {
  return `A folder means all *.yaml, *.yml and *.json below it; - is standard input. Results go to standard output,
findings and errors to standard error. Nothing is sent anywhere.

${own}  ${`--format ${formatsOf(kind).join('|')}`.padEnd(37)}  text by default
  --quiet                                only findings that are errors

${SWITCHES_HELP}

Exit code: ${codes}, 2 it cannot tell: input that cannot be read,
invalid NetworkPolicies, policies of other kinds that the answer does not include, or wrong options.`;
}
