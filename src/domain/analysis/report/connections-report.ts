import type { AnalysisAnswer } from '../analyze.js';
import { nodesOf } from './graph.js';
import type { Report } from './report.js';

type Body = Extract<AnalysisAnswer, { kind: 'connections' }>['body'];

/** Who may talk to whom, a line a pair. */
export function connectionsReport({ connections, findings }: Body): Report {
  return {
    title: 'Connections',
    headers: ['src', 'dst', 'conn'],
    rows: () => connections.map(({ src, dst, conn }) => [src, dst, conn]),
    lines: () => connections.map(({ src, dst, conn }) => `${src} => ${dst} : ${conn}`),
    graph: () => ({
      nodes: nodesOf(connections.flatMap(({ src, dst }) => [src, dst])),
      edges: connections.map(({ src, dst, conn }) => ({ from: src, to: dst, label: conn, look: 'plain' })),
    }),
    findings,
  };
}
