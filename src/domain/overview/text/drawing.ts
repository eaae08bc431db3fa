import type { OverviewModel } from '../overview-model.js';
import { arrowLabel } from '../words.js';
import { inLines } from './boxes.js';
import { columnsOf, indented, padded } from './columns.js';
import { drawGraph } from './draw-graph.js';
import { drawList } from './draw-list.js';
import { flowGraph, type FlowGraph } from './flow-graph.js';

/** With more of them a picture is a maze: then they are listed by application. */
const MOST_TIERS = 12;
const MOST_PEERS = 12;

/**
 * Boxes and arrows: as a picture where a screen can show one, else as a list. Either way every box and every arrow is there.
 * @example drawing(model).join('\n')
 */
export function drawing(model: OverviewModel): string[] {
  if (model.tiers.length > MOST_TIERS || model.peers.length > MOST_PEERS) return drawList(model);
  const graph = flowGraph(model);
  const picture = drawGraph(graph);
  if (picture === undefined) return drawList(model);
  return [picture, backLines(graph, model), aloneLines(graph)]
    .filter((part) => part.length > 0)
    .flatMap((part, index) => (index === 0 ? part : ['', ...part]));
}

/** The arrows that close a circle: in the picture they would go up. */
function backLines({ back }: FlowGraph, model: OverviewModel): string[] {
  const names = new Map([...model.peers, ...model.tiers].map((box) => [box.id, box.name]));
  const name = (id: string) => names.get(id) ?? id;
  const pairs = back.map(({ from, to }) => `${name(from)} ──▶ ${from === to ? 'itself' : name(to)}`);
  const column = Math.max(0, ...pairs.map(columnsOf));
  const lines = back.flatMap((arrow, index) => {
    return indented(`  ${padded(pairs[index] ?? '', column)}  ${arrowLabel(arrow)}`, 4);
  });
  return lines.length === 0 ? [] : ['And back:', ...lines];
}

function aloneLines({ alone }: FlowGraph): string[] {
  return alone.length === 0 ? [] : ['No flow touches:', ...inLines(alone)];
}
