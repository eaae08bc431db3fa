/** One thing on a sheet of character cells. Lines belong to a net: the lines of one source. */
export type Mark =
  | { readonly kind: 'text'; readonly x: number; readonly y: number; readonly text: string }
  | { readonly kind: 'upright'; readonly net: string; readonly x: number; readonly fromY: number; readonly toY: number }
  | { readonly kind: 'level'; readonly net: string; readonly y: number; readonly fromX: number; readonly toX: number };

interface Stroke {
  readonly net: string;
  readonly sides: number;
}

type Sheet = Map<number, Map<number, string | Stroke>>;

const UP = 1;
const DOWN = 2;
const LEFT = 4;
const RIGHT = 8;
/** By the sides on which a line leaves the cell. */
const LINES = [...' │││─╯╮┤─╰╭├─┴┬┼'];

/**
 * Paints marks in their order, text over everything before it. Lines of one net join where they meet and lines of two nets
 * never do: the upright one passes over the level one, so that a crossing cannot be taken for a junction.
 * @example paint([{ kind: 'text', x: 2, y: 0, text: 'shop' }]) // ['  shop']
 */
export function paint(marks: readonly Mark[]): string[] {
  const sheet: Sheet = new Map();
  for (const mark of marks) putMark(sheet, mark);
  const height = Math.max(-1, ...sheet.keys()) + 1;
  return Array.from({ length: height }, (_, y) => lineOf(sheet.get(y) ?? new Map<number, string | Stroke>()));
}

function putMark(sheet: Sheet, mark: Mark): void {
  switch (mark.kind) {
    case 'text':
      for (const [index, character] of [...mark.text].entries()) rowOf(sheet, mark.y).set(mark.x + index, character);
      return;
    case 'upright':
      for (let y = mark.fromY; y <= mark.toY; y++) {
        stroke(rowOf(sheet, y), mark.x, mark.net, (y > mark.fromY ? UP : 0) | (y < mark.toY ? DOWN : 0));
      }
      return;
    case 'level':
      for (let x = mark.fromX; x <= mark.toX; x++) {
        stroke(rowOf(sheet, mark.y), x, mark.net, (x > mark.fromX ? LEFT : 0) | (x < mark.toX ? RIGHT : 0));
      }
  }
}

function rowOf(sheet: Sheet, y: number): Map<number, string | Stroke> {
  const row = sheet.get(y) ?? new Map<number, string | Stroke>();
  sheet.set(y, row);
  return row;
}

function stroke(row: Map<number, string | Stroke>, x: number, net: string, sides: number): void {
  const there = row.get(x);
  if (typeof there === 'string') return;
  if (there === undefined || there.net === net) row.set(x, { net, sides: (there?.sides ?? 0) | sides });
  else if ((sides & (UP | DOWN)) !== 0) row.set(x, { net, sides });
}

function lineOf(row: ReadonlyMap<number, string | Stroke>): string {
  const cells = Array.from({ length: Math.max(-1, ...row.keys()) + 1 }, (_, x) => row.get(x) ?? ' ');
  return cells
    .map((cell) => (typeof cell === 'string' ? cell : (LINES[cell.sides] ?? ' ')))
    .join('')
    .trimEnd();
}
