import { type Mark, paint } from './canvas.js';
import { COLUMNS } from './columns.js';
import type { FlowGraph } from './flow-graph.js';
import { channelHeight, channelMarks, MARGIN, rowHeight, rowMarks } from './marks.js';
import { placeCells } from './place.js';
import { routeChannel } from './route.js';
import { toRows } from './rows.js';
import { sizeCells } from './sizes.js';

/** Level lines between two rows: with more of them the eye loses its line. */
const MOST_TRACKS = 6;

/**
 * Draws boxes in rows from top to bottom with an arrow line for each link. Gives nothing where the drawing would be wider than
 * a terminal or too tangled to follow: then a list says more.
 * @example drawGraph(flowGraph(model))?.join('\n')
 */
export function drawGraph(graph: FlowGraph): string[] | undefined {
  const laid = toRows(graph);
  const rows = sizeCells(laid);
  const middles = placeCells(rows, laid.wires, COLUMNS - MARGIN);
  const channels = rows.slice(1).map((lower, index) => routeChannel(rows[index] ?? [], lower, middles));
  if (!channels.every((channel) => channel !== undefined && channel.tracks <= MOST_TRACKS)) return undefined;
  const marks: Mark[] = [];
  let y = 0;
  for (const [index, row] of rows.entries()) {
    marks.push(...rowMarks(row, middles, y));
    y += rowHeight(row);
    const [channel, lower] = [channels[index], rows[index + 1]];
    if (channel === undefined || lower === undefined) break;
    marks.push(...channelMarks(channel, lower, middles, y));
    y += channelHeight(channel, lower);
  }
  const lines = paint(marks);
  return lines.some((line) => line.length > COLUMNS) ? undefined : lines;
}
