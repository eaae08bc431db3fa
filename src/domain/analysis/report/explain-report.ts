import type { DirectionExplanation } from '../../evaluate/explain.js';
import type { AnalysisAnswer } from '../analyze.js';
import type { Report } from './report.js';

type Body = Extract<AnalysisAnswer, { kind: 'explain' }>['body'];

/** One verdict with its reasons: first all in all, then each direction and its policies. It is no graph. */
export function explainReport(body: Body): Report {
  const sides = [
    ['egress', body.egress],
    ['ingress', body.ingress],
  ] as const;
  return {
    title: `May ${body.src} talk to ${body.dst}?`,
    headers: ['side', 'policy', 'rules', 'allowed', 'reason'],
    rows: () => [
      ['both', '', '', body.allowed, answerOf(body)],
      ...sides.flatMap(([side, given]) => rowsOf(side, given)),
      ...body.implementationDependent.map((text) => ['switch', '', '', '', text]),
    ],
    lines: () => [
      answerOf(body),
      ...sides.flatMap(([side, given]) => linesOf(side, given)),
      ...body.implementationDependent.map((text) => `depends on the network plugin: ${text}`),
    ],
    findings: body.findings,
  };
}

/** Yes or no for the port that was asked about; which ports, where none was. */
function answerOf({ src, dst, allowed, port }: Body): string {
  if (port === undefined) return `${src} => ${dst} : ${allowed}`;
  return `${src} => ${dst} on ${port.port} : ${port.allowed ? 'allowed' : 'denied'} (allowed: ${allowed})`;
}

function rowsOf(side: string, { allowed, reason, policies }: DirectionExplanation): string[][] {
  const own = [side, '', '', allowed, reason];
  return [own, ...policies.map((one) => [side, one.policy, one.rules.join(' '), one.allowed, one.reason])];
}

function linesOf(side: string, { reason, policies }: DirectionExplanation): string[] {
  return [`${side}: ${reason}`, ...policies.map((one) => `  ${one.policy}: ${one.reason}`)];
}
