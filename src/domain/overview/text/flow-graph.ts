import type { Arrow, Box, OverviewModel } from '../overview-model.js';

/** A box in the drawing. A peer that calls and is called is drawn twice: on top, and below where it is called. */
export interface Node {
  readonly id: string;
  readonly box: Box;
  readonly layer: number;
}

/** An arrow that goes down, from node to node. */
export interface Link {
  readonly from: Node;
  readonly to: Node;
  readonly arrow: Arrow;
}

/** The model as a drawing sees it: arrows that go down, arrows that go back up (circles), and tiers without any. */
export interface FlowGraph {
  readonly nodes: readonly Node[];
  readonly links: readonly Link[];
  readonly back: readonly Arrow[];
  readonly alone: readonly Box[];
}

/**
 * Takes the model apart for drawing. Every arrow is a link or in `back`, every box is a node or in `alone`.
 * @example flowGraph(model).nodes.map((node) => node.layer) // [0, 1, 2, 3]
 */
export function flowGraph(model: OverviewModel): FlowGraph {
  const touched = new Set(model.arrows.flatMap(({ from, to }) => [from, to]));
  const tiers = new Map(
    model.tiers.filter(({ id }) => touched.has(id)).map((box) => [box.id, { id: box.id, box, layer: box.layer }]),
  );
  const callers = new Map(
    model.peers.filter(({ part }) => part !== 'target').map((box) => [box.id, { id: box.id, box, layer: 0 }]),
  );
  const targets = new Map(
    model.peers
      .filter(({ part }) => part !== 'caller')
      .map((box) => [box.id, { id: `${box.id} as target`, box, layer: layerOfTarget(model, box.id) }]),
  );
  const ends = model.arrows.map((arrow) => ({
    arrow,
    from: callers.get(arrow.from) ?? tiers.get(arrow.from),
    to: targets.get(arrow.to) ?? tiers.get(arrow.to),
  }));
  const down = ends.flatMap(({ arrow, from, to }) =>
    from && to && from.layer < to.layer ? [{ arrow, from, to }] : [],
  );
  const drawn = new Set(down.map(({ arrow }) => arrow));
  return {
    nodes: [...callers.values(), ...tiers.values(), ...targets.values()],
    links: down,
    back: model.arrows.filter((arrow) => !drawn.has(arrow)),
    alone: model.tiers.filter(({ id }) => !touched.has(id)),
  };
}

function layerOfTarget(model: OverviewModel, id: string): number {
  const callers = new Set(model.arrows.filter(({ to }) => to === id).map(({ from }) => from));
  return 1 + Math.max(0, ...model.tiers.filter((tier) => callers.has(tier.id)).map(({ layer }) => layer));
}
