import { mean, type Wire } from './rows.js';
import type { SizedCell } from './sizes.js';

/** Columns kept free between neighbours. */
const GAP = 3;
const ROUNDS = 10;

/** The middle column of each cell, by its key; the leftmost column in use is 0. */
export type Middles = ReadonlyMap<string, number>;

/**
 * Sets cells of a row side by side and, as far as there is room, each where its arrows run straight: rows in turn, down and up.
 * The order of a row never changes, and no row reaches beyond `columns` unless its cells do not fit side by side.
 */
export function placeCells(rows: readonly (readonly SizedCell[])[], wires: readonly Wire[], columns: number): Middles {
  const middles = new Map<string, number>();
  const offsets = new Map(rows.flat().flatMap(({ entries }) => entries.map(({ wire, offset }) => [wire, offset])));
  for (const row of rows) {
    const centre = row.map(() => columns / 2);
    settle(row, centre, columns, middles);
  }
  for (let round = 0; round < ROUNDS; round++) {
    const down = round % 2 === 1;
    for (const row of down ? rows : [...rows].reverse()) {
      const wished = row.map(({ cell }) => {
        const own = wires.filter(({ from, to }) => (down ? to.key : from.key) === cell.key);
        const places = own.map((wire) => {
          const offset = offsets.get(wire) ?? 0;
          return down ? (middles.get(wire.from.key) ?? 0) - offset : (middles.get(wire.to.key) ?? 0) + offset;
        });
        return mean(places) ?? middles.get(cell.key) ?? 0;
      });
      settle(row, wished, columns, middles);
    }
  }
  const leftmost = Math.min(...rows.flat().map(({ cell, left }) => (middles.get(cell.key) ?? 0) - left));
  return new Map([...middles].map(([key, x]) => [key, x - leftmost]));
}

/** As near to the wishes as the order allows: pushed from the left, pushed from the right, and half way between the two. */
function settle(
  row: readonly SizedCell[],
  wished: readonly number[],
  columns: number,
  middles: Map<string, number>,
): void {
  const apart = row.map(({ left }, index) => (index === 0 ? left : (row[index - 1]?.right ?? 0) + GAP + left));
  const leftmost = runningSum(apart);
  const slack = columns - 1 - (leftmost.at(-1) ?? 0) - (row.at(-1)?.right ?? 0);
  const wishes = wished.map((wish, index) => {
    const least = leftmost[index] ?? 0;
    return Math.round(Math.min(Math.max(wish, least), least + Math.max(0, slack)));
  });
  const fromLeft: number[] = [];
  for (const [index, wish] of wishes.entries()) {
    fromLeft.push(Math.max(wish, (fromLeft[index - 1] ?? -Infinity) + (apart[index] ?? 0)));
  }
  let limit = Infinity;
  for (let index = row.length - 1; index >= 0; index--) {
    limit = Math.min(wishes[index] ?? 0, limit - (apart[index + 1] ?? 0));
    middles.set(row[index]?.cell.key ?? '', Math.floor(((fromLeft[index] ?? 0) + limit) / 2));
  }
}

function runningSum(numbers: readonly number[]): number[] {
  let sum = 0;
  return numbers.map((one) => (sum += one));
}
