/** A box found in a drawing: its name, and where it stands. */
interface Frame {
  readonly name: string;
  readonly top: number;
  readonly left: number;
  readonly right: number;
}

type Direction = 'up' | 'down' | 'left' | 'right';

/** The sides on which the line in a cell goes on. */
const SIDES: Readonly<Record<string, readonly Direction[]>> = {
  '│': ['up', 'down'],
  '─': ['left', 'right'],
  '╭': ['right', 'down'],
  '╮': ['left', 'down'],
  '╰': ['up', 'right'],
  '╯': ['up', 'left'],
  '├': ['up', 'down', 'right'],
  '┤': ['up', 'down', 'left'],
  '┬': ['left', 'right', 'down'],
  '┴': ['left', 'right', 'up'],
  '┼': ['up', 'down', 'left', 'right'],
};
const STEP = { up: [-1, 0], down: [1, 0], left: [0, -1], right: [0, 1] } as const;
const OPPOSITE = { up: 'down', down: 'up', left: 'right', right: 'left' } as const;

/**
 * Reads a drawing as eyes do: from the middle of each box along the lines to the arrow heads, an upright line passing over a level one.
 * Gives `from>to` for each arrow. It knows what a line looks like and nothing of how it was laid.
 */
export function followLines(lines: readonly string[]): string[] {
  const grid = lines.map((line) => [...line]);
  const frames = framesOf(grid);
  return frames.flatMap((frame) => {
    const bottom = grid.findIndex((row, y) => y > frame.top && /[└╰]/.test(row[frame.left] ?? ''));
    const middle = (frame.left + frame.right) / 2;
    if (grid[bottom]?.[middle] !== '┬') return [];
    return headsFrom(grid, bottom + 1, middle, 'down').map(([y, x]) => {
      const target = frames.find((one) => one.top === y + 1 && one.left < x && x < one.right);
      return `${frame.name}>${target?.name ?? 'nothing'}`;
    });
  });
}

function framesOf(grid: readonly string[][]): Frame[] {
  return grid.flatMap((row, top) =>
    row.flatMap((cell, left) => {
      if (!/[┌╭]/.test(cell) || !/[│┆]/.test(grid[top + 1]?.[left] ?? '') || !/[─╌]/.test(row[left + 1] ?? ''))
        return [];
      const right = row.findIndex((one, x) => x > left && /[┐╮]/.test(one));
      // A line that turns down at both its ends has a gap where it meets others; the top of a box has none.
      if (!row.slice(left + 1, right).every((one) => /[─╌]/.test(one))) return [];
      const inside = (grid[top + 1] ?? []).slice(left + 1, right).join('');
      return /^ +\S.*\s$/.test(inside) && !/[─│╭╮╰╯]/.test(inside) ? [{ name: inside.trim(), top, left, right }] : [];
    }),
  );
}

/** The arrow heads that a line leads to, entered at a cell while going in `direction`. */
function headsFrom(grid: readonly string[][], y: number, x: number, direction: Direction): [number, number][] {
  const cell = grid[y]?.[x] ?? ' ';
  if (cell === '▼') return [[y, x]];
  const next = (way: Direction) => headsFrom(grid, y + STEP[way][0], x + STEP[way][1], way);
  if (cell === '│' && (direction === 'left' || direction === 'right')) return next(direction);
  const sides = SIDES[cell] ?? [];
  if (!sides.includes(OPPOSITE[direction])) return [[-1, x]]; // the line ends in nothing
  return sides.filter((side) => side !== OPPOSITE[direction]).flatMap(next);
}
