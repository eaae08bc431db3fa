import { plain } from '../../overview/plain.js';
import { quoted } from '../../overview/write-dot.js';
import type { Graph, GraphEdge, GraphNode } from './graph.js';
import type { Report } from './report.js';

const FONT = 'fontname="Verdana"';
const HEAD = [
  `rankdir=LR; graph [nodesep=0.35, ranksep=0.9, pad=0.3, ${FONT}, fontsize=12, fontcolor="#4a5a54"];`,
  `node [shape=box, style="rounded,filled", ${FONT}, fontsize=11];`,
  `edge [color="#6b7f8c", arrowsize=0.7, ${FONT}, fontsize=9, fontcolor="#4b5b66"];`,
];
const CLUSTER = 'style="rounded,filled"; fillcolor="#f4f7f6"; color="#c9d4d0"; labeljust=l;';
const NODE: Record<GraphNode['kind'], string> = {
  workload: 'fillcolor="#ffffff", color="#3f8f6f", fontcolor="#1f3d33"',
  range: 'shape=ellipse, style=filled, fillcolor="#fdf4e3", color="#c08a2d", fontcolor="#5a3e0b"',
  pods: 'style="rounded,filled,dashed", fillcolor="#e7f0fb", color="#4a7fc1", fontcolor="#173a63"',
};
const EDGE: Record<GraphEdge['look'], string> = {
  plain: '',
  added: ', color="#2f8f4e", fontcolor="#2f8f4e", penwidth=1.6',
  removed: ', color="#b3403a", fontcolor="#b3403a", style=dashed',
  changed: ', color="#a06a00", fontcolor="#a06a00"',
};

/** A Graphviz digraph, workloads in a cluster for each namespace; findings are comments. Names stand in labels alone. */
export function writeDot({ title, findings }: Report, { nodes, edges }: Graph): string {
  const ids = new Map(nodes.map(({ ref }, index) => [ref, `n${index}`]));
  const draw = ({ ref, kind }: GraphNode): string => `${ids.get(ref)} [label=${text(ref)}, ${NODE[kind]}];`;
  const clusters = [...byNamespace(nodes)].flatMap(([namespace, members], index) => [
    `subgraph cluster_${index} {`,
    `  label=${text(namespace)}; ${CLUSTER}`,
    ...members.map((member) => `  ${draw(member)}`),
    '}',
  ]);
  const lines = [
    ...HEAD,
    ...nodes.filter(({ kind }) => kind !== 'workload').map(draw),
    ...clusters,
    ...edges.map(
      ({ from, to, label, look }) => `${ids.get(from)} -> ${ids.get(to)} [label=${text(label)}${EDGE[look]}];`,
    ),
  ];
  const remarks = findings.map(
    ({ severity, code, path, message }) => `// ${plain(`${severity} ${code} ${path}: ${message}`)}\n`,
  );
  return `${remarks.join('')}digraph ${text(title)} {\n${lines.map((line) => `  ${line}`).join('\n')}\n}\n`;
}

function byNamespace(nodes: readonly GraphNode[]): Map<string, GraphNode[]> {
  const groups = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    if (node.kind !== 'workload') continue;
    const namespace = node.ref.slice(0, node.ref.indexOf('/'));
    const group = groups.get(namespace);
    if (group === undefined) groups.set(namespace, [node]);
    else group.push(node);
  }
  return groups;
}

function text(value: string): string {
  return quoted(plain(value));
}
