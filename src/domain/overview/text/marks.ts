import { boxContent, boxLines } from './boxes.js';
import type { Mark } from './canvas.js';
import type { Middles } from './place.js';
import { type Channel, type Net, reach } from './route.js';
import type { SizedCell } from './sizes.js';

/** Columns before the leftmost cell. */
export const MARGIN = 2;

export function rowHeight(row: readonly SizedCell[]): number {
  return 2 + Math.max(0, ...row.map(({ cell }) => (cell.node === undefined ? 0 : boxContent(cell.node.box).length)));
}

function columnOf(sized: SizedCell, middles: Middles): number {
  return MARGIN + (middles.get(sized.cell.key) ?? 0);
}

/**
 * The boxes of a row, the lines that go through the row (past a box, or on from one that is lower than the row is high), and what
 * is written beside the lines that leave it, in the line below the row.
 */
export function rowMarks(row: readonly SizedCell[], middles: Middles, y: number): Mark[] {
  const bottom = y + rowHeight(row);
  return row.flatMap((sized): Mark[] => {
    const { cell, width, left, leaving, exitLabel } = sized;
    const x = columnOf(sized, middles);
    if (cell.node === undefined) return [{ kind: 'upright', net: cell.net, x, fromY: y - 1, toY: bottom }];
    const lines = boxLines(cell.node.box, width, leaving.length > 0 ? 'exits' : 'ends');
    const box = lines.map((text, index): Mark => ({ kind: 'text', x: x - left, y: y + index, text }));
    if (leaving.length === 0) return box;
    const line: Mark = { kind: 'upright', net: cell.net, x, fromY: y + lines.length - 1, toY: bottom };
    return [...box, line, { kind: 'text', x: x + 2, y: bottom, text: exitLabel }];
  });
}

/** A line for what leaves, the tracks, lines for the labels of what arrives, and one for the arrow heads. */
export function channelHeight({ tracks }: Channel, lower: readonly SizedCell[]): number {
  return 1 + tracks + labelHeight(lower) + 1;
}

function labelHeight(lower: readonly SizedCell[]): number {
  return Math.max(0, ...lower.flatMap(({ entries }) => entries.map(({ label }) => label.length)));
}

/** The lines between two rows, from `y` on. */
export function channelMarks(channel: Channel, lower: readonly SizedCell[], middles: Middles, y: number): Mark[] {
  const last = y + channelHeight(channel, lower) - 1;
  const labels = last - labelHeight(lower);
  const boxes = lower.filter(({ cell }) => cell.node !== undefined);
  return [
    ...channel.nets.flatMap((net) => netMarks(net, y, last)),
    ...boxes.flatMap((sized) => headMarks(sized, columnOf(sized, middles), last, labels)),
  ];
}

function netMarks({ net, exit, targets, track }: Net, y: number, last: number): Mark[] {
  const turn = track === undefined ? last : y + 1 + track;
  const [fromX, toX] = reach({ exit, targets });
  return [
    { kind: 'upright', net, x: MARGIN + exit, fromY: y - 1, toY: turn },
    ...targets.map((x): Mark => ({ kind: 'upright', net, x: MARGIN + x, fromY: turn, toY: last })),
    ...(fromX === toX ? [] : [{ kind: 'level' as const, net, y: turn, fromX: MARGIN + fromX, toX: MARGIN + toX }]),
  ];
}

function headMarks({ entries }: SizedCell, middle: number, last: number, labels: number): Mark[] {
  return entries.flatMap(({ offset, label }): Mark[] => [
    { kind: 'text', x: middle + offset, y: last, text: '▼' },
    ...label.map((text, line): Mark => ({ kind: 'text', x: middle + offset + 2, y: labels + line, text })),
  ]);
}
