import { groupBy } from '../group-by.js';
import { arrivingLabel, leavingLabel } from '../words.js';
import { boxContent, boxWidth, NARROWEST } from './boxes.js';
import { columnsOf, wrap } from './columns.js';
import type { Cell, Rows, Wire } from './rows.js';

/** Where a wire comes in at the top of a cell, counted from its middle column. The last of those with one label carries it. */
export interface Entry {
  readonly wire: Wire;
  readonly offset: number;
  /** What stands beside it, in lines. */
  readonly label: readonly string[];
}

/** How much room a cell needs on either side of its middle column, labels included. */
export interface SizedCell {
  readonly cell: Cell;
  readonly width: number;
  readonly left: number;
  readonly right: number;
  readonly entries: readonly Entry[];
  readonly leaving: readonly Wire[];
  readonly exitLabel: string;
}

/** The widest line of a label beside an arrow. */
const WIDEST_LABEL = 26;

/**
 * Gives every cell its size. Each wire into a box has an arrow head of its own: two lines never merge, so each can be followed
 * from end to end.
 */
export function sizeCells({ rows, wires }: Rows): SizedCell[][] {
  const arriving = groupBy(wires, (wire) => wire.to.key);
  const leaving = groupBy(wires, (wire) => wire.from.key);
  return rows.map((row, depth) => {
    const order = new Map((rows[depth - 1] ?? []).map((cell, index) => [cell.key, index]));
    const place = (wire: Wire) => order.get(wire.from.key) ?? 0;
    return row.map((cell) => {
      const incoming = [...(arriving.get(cell.key) ?? [])].sort((a, b) => place(a) - place(b));
      return sizeCell(cell, entriesOf(incoming), leaving.get(cell.key) ?? []);
    });
  });
}

function sizeCell(cell: Cell, entries: readonly Entry[], leaving: readonly Wire[]): SizedCell {
  const exitLabel = cell.node === undefined || leaving.length === 0 ? '' : leavingLabel(cell.node.box);
  const outermost = Math.max(0, ...entries.map(({ offset }) => Math.abs(offset)));
  const width =
    cell.node === undefined ? 1 : boxWidth(boxContent(cell.node.box), Math.max(NARROWEST, 2 * outermost + 5));
  const half = (width - 1) / 2;
  const labels = entries.map(({ offset, label }) => (label.length === 0 ? 0 : offset + 1 + widest(label)));
  const right = Math.max(half, exitLabel === '' ? 0 : 1 + exitLabel.length, ...labels);
  return { cell, width, left: half, right, entries, leaving, exitLabel };
}

/** Wires with one label stand together, two columns apart, and the label follows the last. */
function entriesOf(wires: readonly Wire[]): Entry[] {
  const entries: Entry[] = [];
  let column = 0;
  for (const [text, group] of groupBy(wires, ({ link }) => (link === undefined ? '' : arrivingLabel(link.arrow)))) {
    const label = text === '' ? [] : wrap(text, WIDEST_LABEL);
    for (const [index, wire] of group.entries()) {
      entries.push({ wire, offset: column, label: index === group.length - 1 ? label : [] });
      column += 2;
    }
    column += widest(label) + 2;
  }
  const middle = Math.round((entries.at(-1)?.offset ?? 0) / 2);
  return entries.map((entry) => ({ ...entry, offset: entry.offset - middle }));
}

function widest(lines: readonly string[]): number {
  return Math.max(0, ...lines.map(columnsOf));
}
