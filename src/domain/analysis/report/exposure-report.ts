import type { Exposure } from '../../exposure/exposure.js';
import type { AnalysisAnswer } from '../analyze.js';
import type { Graph, GraphEdge, GraphNode } from './graph.js';
import type { Report } from './report.js';

type Body = Extract<AnalysisAnswer, { kind: 'exposure' }>['body'];

/** What each workload leaves open, a line each, and at the end the workloads that nothing protects. */
export function exposureReport({ exposures, unprotected, findings }: Body): Report {
  const open = new Set(unprotected.map(({ workload, direction }) => `${direction} ${workload}`));
  return {
    title: 'Exposure',
    headers: ['workload', 'direction', 'peer', 'conn', 'protected', 'policies'],
    rows: () =>
      exposures.map(({ workload, direction, peer, conn, policies }) => [
        ...[workload, direction, peer, conn],
        ...[open.has(`${direction} ${workload}`) ? 'no' : 'yes', policies.join(' ')],
      ]),
    lines: () => [
      ...exposures.map(lineOf),
      ...unprotected.map(
        ({ workload, direction }) => `${workload} is not protected for ${direction}: no policy isolates it`,
      ),
    ],
    graph: () => graphOf(exposures),
    findings,
  };
}

/** The arrow goes where connections go. */
function lineOf({ workload, direction, peer, conn }: Exposure): string {
  return `${workload} ${direction === 'egress' ? '=>' : '<='} ${peer} : ${conn}`;
}

function graphOf(exposures: readonly Exposure[]): Graph {
  const workloads = new Set(exposures.map(({ workload }) => workload));
  const peers = new Map(exposures.map(({ peer, kind }) => [peer, kind]));
  const nodes: GraphNode[] = [
    ...[...workloads].map((ref): GraphNode => ({ ref, kind: 'workload' })),
    ...[...peers].map(([ref, kind]): GraphNode => ({ ref, kind: kind === 'range' ? 'range' : 'pods' })),
  ];
  const edges = exposures.map(({ workload, direction, peer, conn }): GraphEdge => {
    const [from, to] = direction === 'egress' ? [workload, peer] : [peer, workload];
    return { from, to, label: conn, look: 'plain' };
  });
  return { nodes, edges };
}
