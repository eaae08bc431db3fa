/** What is drawn: workloads, addresses outside, and pods that may come. */
export interface GraphNode {
  readonly ref: string;
  readonly kind: 'workload' | 'range' | 'pods';
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly look: 'plain' | 'added' | 'removed' | 'changed';
}

/** Nodes are named by the ends of edges; those without an edge stand alone. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/**
 * The ends of connections: what has no namespace is a range.
 * @example nodesOf(['shop/web[Deployment]', '10.0.0.0-10.0.0.255[External]'])[1]?.kind // 'range'
 */
export function nodesOf(refs: Iterable<string>): GraphNode[] {
  return [...new Set(refs)].map((ref) => ({ ref, kind: ref.includes('/') ? 'workload' : 'range' }));
}
