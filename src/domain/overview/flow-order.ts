/** An arrow between two nodes, by their ids. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

export interface FlowOrder {
  /** 0 at the top; each arrow that is not in `back` leads to a greater number. */
  readonly layer: ReadonlyMap<string, number>;
  /** The arrows that close a circle (to itself included): left out of the layers, so that the rest has an order. */
  readonly back: ReadonlySet<Edge>;
}

/**
 * Puts nodes in layers by the longest way that leads to them. Circles are opened where a walk in the order of `ids` closes
 * them, starting at the nodes nobody calls, so the same ids and edges always give the same layers.
 * A node nobody calls stands right above the first it calls, except those in `top`, which stay in layer 0.
 * @example flowOrder(['a', 'b'], [{ from: 'a', to: 'b' }], new Set()).layer.get('b') // 1
 */
export function flowOrder(ids: readonly string[], edges: readonly Edge[], top: ReadonlySet<string>): FlowOrder {
  const out = new Map<string, Edge[]>(ids.map((id) => [id, []]));
  for (const edge of edges) out.get(edge.from)?.push(edge);
  const called = new Set(edges.filter((edge) => edge.from !== edge.to).map((edge) => edge.to));
  const starts = [...ids.filter((id) => !called.has(id)), ...ids.filter((id) => called.has(id))];
  const { done, back } = walk(starts, out);
  const forward = (id: string) => (out.get(id) ?? []).filter((edge) => !back.has(edge));
  const first = ids.some((id) => top.has(id)) ? 1 : 0;
  const layer = new Map(ids.map((id) => [id, top.has(id) ? 0 : first]));
  const level = (id: string) => layer.get(id) ?? 0;
  for (const id of done.reverse()) for (const { to } of forward(id)) layer.set(to, Math.max(level(to), level(id) + 1));
  for (const id of ids) {
    const below = forward(id).map(({ to }) => level(to));
    if (!called.has(id) && !top.has(id) && below.length > 0) layer.set(id, Math.min(...below) - 1);
  }
  return { layer, back };
}

/** Depth first without recursion (a chain of tiers may be long): nodes by the time they were left, and the edges into a node still open. */
function walk(
  starts: readonly string[],
  out: ReadonlyMap<string, readonly Edge[]>,
): { done: string[]; back: Set<Edge> } {
  const state = new Map<string, 'open' | 'done'>();
  const done: string[] = [];
  const back = new Set<Edge>();
  for (const start of starts) {
    const stack = state.has(start) ? [] : [{ id: start, next: 0 }];
    state.set(start, state.get(start) ?? 'open');
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const edge = out.get(frame.id)?.[frame.next++];
      if (edge === undefined) {
        state.set(frame.id, 'done');
        done.push(frame.id);
        stack.pop();
      } else if (state.get(edge.to) === 'open') back.add(edge);
      else if (!state.has(edge.to)) {
        state.set(edge.to, 'open');
        stack.push({ id: edge.to, next: 0 });
      }
    }
  }
  return { done, back };
}
