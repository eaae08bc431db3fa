import type { Box } from '../overview-model.js';
import { outsideMark, portPhrase } from '../words.js';
import { centred, columnsOf, COLUMNS, padded, wrap } from './columns.js';

/** The widest text inside a box: longer names and port lists go on in the next line. */
const INSIDE = 30;
/** Boxes of short names are as wide as each other. */
export const NARROWEST = 13;
const MARGIN = 2;

/** What stands in a box: its name, then its ports, where it lies, or what the peer stands for. */
export function boxContent(box: Box): string[] {
  const mark = outsideMark(box);
  const lines = box.kind === 'peer' ? [box.name, box.detail] : [box.name, ports(box), mark && `(${mark})`];
  return lines.flatMap((line) => (line === undefined ? [] : wrap(line, INSIDE)));
}

function ports(box: Extract<Box, { kind: 'tier' }>): string | undefined {
  return box.ports.length === 0 ? undefined : portPhrase(box.ports);
}

/** Columns a box takes with its frame: an odd number, so that it has a middle column. */
export function boxWidth(content: readonly string[], atLeast = 0): number {
  const width = Math.max(atLeast, ...content.map((line) => columnsOf(line) + 4));
  return width + 1 - (width % 2);
}

/**
 * A framed box: square for a tier, round for a peer, and with a broken frame for a tier outside the cluster. `exits` says
 * whether arrows leave at the middle of its lower edge.
 */
export function boxLines(box: Box, width: number, exits: 'exits' | 'ends'): string[] {
  const { corners, level, upright } = frameOf(box);
  const half = level.repeat((width - 3) / 2);
  const inside = boxContent(box).map((line) => `${upright}${centred(line, width - 2)}${upright}`);
  const middle = exits === 'exits' ? '┬' : level;
  return [
    `${corners[0]}${half}${level}${half}${corners[1]}`,
    ...inside,
    `${corners[2]}${half}${middle}${half}${corners[3]}`,
  ];
}

function frameOf(box: Box): { corners: readonly string[]; level: string; upright: string } {
  if (box.kind === 'peer') return { corners: [...'╭╮╰╯'], level: '─', upright: '│' };
  if (box.outside !== undefined) return { corners: [...'┌┐└┘'], level: '╌', upright: '┆' };
  return { corners: [...'┌┐└┘'], level: '─', upright: '│' };
}

/** Boxes without arrows, side by side as far as they fit. */
export function inLines(boxes: readonly Box[]): string[] {
  const rows: Box[][] = [];
  let used = COLUMNS;
  for (const box of boxes) {
    const width = MARGIN + boxWidth(boxContent(box), NARROWEST);
    if (used + width > COLUMNS) rows.push([]);
    used = used + width > COLUMNS ? width : used + width;
    rows.at(-1)?.push(box);
  }
  return rows.flatMap(sideBySide);
}

function sideBySide(boxes: readonly Box[]): string[] {
  const drawn = boxes.map((box) => boxLines(box, boxWidth(boxContent(box), NARROWEST), 'ends'));
  const height = Math.max(...drawn.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const texts = drawn.map((lines) => ' '.repeat(MARGIN) + padded(lines[line] ?? '', columnsOf(lines[0] ?? '')));
    return texts.join('').trimEnd();
  });
}
