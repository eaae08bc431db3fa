import type { ConnectionChange } from '../../diff/connection-change.js';
import type { AnalysisAnswer } from '../analyze.js';
import { nodesOf } from './graph.js';
import type { Report } from './report.js';

type Body = Extract<AnalysisAnswer, { kind: 'diff' }>['body'];

/** What changes in who may talk to whom, a line a pair. */
export function diffReport({ changes, findings }: Body): Report {
  return {
    title: 'Changes',
    headers: ['type', 'src', 'dst', 'before', 'after', 'reason'],
    rows: () =>
      changes.map(({ type, src, dst, before, after, reason = '' }) => [type, src, dst, before, after, reason]),
    lines: () => changes.map(lineOf),
    graph: () => ({
      nodes: nodesOf(changes.flatMap(({ src, dst }) => [src, dst])),
      edges: changes.map((change) => ({
        ...{ from: change.src, to: change.dst, look: change.type },
        label: labelOf(change),
      })),
    }),
    findings,
  };
}

function lineOf({ type, src, dst, before, after, reason }: ConnectionChange): string {
  return `${type} ${src} => ${dst} : ${before} -> ${after}${reason === undefined ? '' : ` (${reason})`}`;
}

function labelOf({ type, before, after }: ConnectionChange): string {
  switch (type) {
    case 'added':
      return `+ ${after}`;
    case 'removed':
      return `- ${before}`;
    case 'changed':
      return `${before} -> ${after}`;
  }
}
