import type { FlowGraph, Link, Node } from './flow-graph.js';

/** A place in a row: a box, or a line of the net of `net` that passes between boxes to a row further down. */
export interface Cell {
  readonly key: string;
  /** The node whose arrows leave here. */
  readonly net: string;
  readonly node?: Node;
}

/** A piece of an arrow between two rows that follow each other. It ends at a box where it has a link. */
export interface Wire {
  readonly net: string;
  readonly from: Cell;
  readonly to: Cell;
  readonly link?: Link;
}

export interface Rows {
  readonly rows: readonly (readonly Cell[])[];
  readonly wires: readonly Wire[];
}

/**
 * Puts the nodes in rows by layer. An arrow over several rows gets a passing line in each row between, one for all arrows of
 * its source.
 * @example toRows(flowGraph(model)).rows.length // 4
 */
export function toRows(graph: FlowGraph): Rows {
  const layers = [...new Set(graph.nodes.map(({ layer }) => layer))].sort((a, b) => a - b);
  const rowOf = (node: Node) => layers.indexOf(node.layer);
  const rows: Cell[][] = layers.map((layer) => graph.nodes.filter((node) => node.layer === layer).map(cellOf));
  const wires: Wire[] = [];
  for (const source of graph.nodes) {
    const links = graph.links.filter(({ from }) => from === source);
    const deepest = Math.max(0, ...links.map(({ to }) => rowOf(to)));
    let from = cellOf(source);
    for (let row = rowOf(source) + 1; row <= deepest; row++) {
      const here = links.filter(({ to }) => rowOf(to) === row);
      wires.push(...here.map((link) => ({ net: source.id, from, to: cellOf(link.to), link })));
      if (row === deepest) break;
      const pass = { key: `${source.id} past row ${row}`, net: source.id };
      wires.push({ net: source.id, from, to: pass });
      rows[row]?.push(pass);
      from = pass;
    }
  }
  return { rows: bestOrder(rows, wires), wires };
}

function cellOf(node: Node): Cell {
  return { key: node.id, net: node.id, node };
}

/** Moves cells near those they are joined to (barycentre, down and up in turn) and keeps the order with the fewest crossings. */
function bestOrder(start: readonly (readonly Cell[])[], wires: readonly Wire[]): readonly (readonly Cell[])[] {
  let best = start;
  let order = start;
  for (let round = 0; round < 8; round++) {
    order = sweep(order, wires, round % 2 === 0 ? 'down' : 'up');
    if (crossings(order, wires) < crossings(best, wires)) best = order;
  }
  return best;
}

function sweep(rows: readonly (readonly Cell[])[], wires: readonly Wire[], towards: 'down' | 'up'): Cell[][] {
  const swept: Cell[][] = [];
  let place = new Map<string, number>();
  for (const row of towards === 'down' ? rows : [...rows].reverse()) {
    const centre = new Map(row.map((cell, index) => [cell.key, mean(joined(cell, wires, towards, place)) ?? index]));
    const sorted = [...row].sort((a, b) => (centre.get(a.key) ?? 0) - (centre.get(b.key) ?? 0));
    place = new Map(sorted.map((cell, index) => [cell.key, index]));
    swept.push(sorted);
  }
  return towards === 'down' ? swept : swept.reverse();
}

function joined(
  cell: Cell,
  wires: readonly Wire[],
  towards: 'down' | 'up',
  place: ReadonlyMap<string, number>,
): number[] {
  const others = wires.flatMap(({ from, to }) => {
    const [self, other] = towards === 'down' ? [to, from] : [from, to];
    return self.key === cell.key ? [other.key] : [];
  });
  return others.flatMap((key) => place.get(key) ?? []);
}

function crossings(rows: readonly (readonly Cell[])[], wires: readonly Wire[]): number {
  const place = new Map(rows.flatMap((row, depth) => row.map((cell, index) => [cell.key, { depth, index }])));
  const ends = wires.map(({ from, to }) => ({ from: place.get(from.key), to: place.get(to.key) }));
  let count = 0;
  for (const [index, a] of ends.entries()) {
    for (const b of ends.slice(index + 1)) {
      if (a.from?.depth !== b.from?.depth || !a.from || !b.from || !a.to || !b.to) continue;
      if ((a.from.index - b.from.index) * (a.to.index - b.to.index) < 0) count++;
    }
  }
  return count;
}

/** The mean, or nothing of an empty list. */
export function mean(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}
