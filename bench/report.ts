/** A figure beside what was promised. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** `below 2 x`, or `at least 0.9 x`. */
  readonly limit: string;
  readonly met: 'met' | 'NOT';
}

const figures: Figure[] = [];

/** All that was said with a limit in this process. */
export function figuresOf(): readonly Figure[] {
  return figures;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** One line: both figures a second, their ratio, and whether it is what was promised. */
export function ratioLine(
  name: string,
  own: number,
  baseline: string,
  bare: number,
  least: number | undefined,
): string {
  const ratio = own / bare;
  const holds = least === undefined || ratio >= least;
  if (least !== undefined)
    note({ name: `${name} / ${baseline}`, value: ratio, unit: 'x', limit: `at least ${least}`, holds });
  const verdict = least === undefined ? '' : `  (at least ${least}: ${holds ? 'yes' : 'NO'})`;
  return `${name.padEnd(42)} ${perSecond(own)}   ${baseline.padEnd(40)} ${perSecond(bare)}   ratio ${ratio.toFixed(2)}${verdict}`;
}

function perSecond(value: number): string {
  return `${Math.round(value).toLocaleString('en-US').padStart(8)}/s`;
}

/** One line: a figure and whether it is below what was promised. */
export function limitLine(name: string, value: number, unit: string, below: number): string {
  const holds = value < below;
  note({ name, value, unit, limit: `below ${below}`, holds });
  return `${name.padEnd(42)} ${value.toFixed(1).padStart(8)} ${unit.padEnd(2)}  (below ${below} ${unit}: ${holds ? 'yes' : 'NO'})`;
}

/** One line: a figure and whether it is at least what was promised. */
export function leastLine(name: string, value: number, unit: string, least: number): string {
  const holds = value >= least;
  note({ name, value, unit, limit: `at least ${least}`, holds });
  return `${name.padEnd(42)} ${value.toFixed(1).padStart(8)} ${unit.padEnd(2)}  (at least ${least} ${unit}: ${holds ? 'yes' : 'NO'})`;
}

/** Kept for the table of this process, and told to whoever runs it among others (`npm run bench`). */
function note({ holds, ...said }: Omit<Figure, 'met'> & { readonly holds: boolean }): void {
  const figure: Figure = { ...said, name: said.name.trim(), met: holds ? 'met' : 'NOT' };
  figures.push(figure);
  process.send?.({ figure });
}

/** One table of figures, each with its limit. */
export function printTable(rows: readonly (Figure & { readonly bench: string })[]): void {
  const width = Math.max(...rows.map(({ name }) => name.length), 10);
  console.log(`\n${'bench'.padEnd(14)} ${'figure'.padEnd(width)} ${'measured'.padStart(12)}    limit`);
  for (const { bench, name, value, unit, limit, met } of rows)
    console.log(
      `${bench.padEnd(14)} ${name.padEnd(width)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(2)}    ${limit.padEnd(14)} ${met}`,
    );
  const missed = rows.filter(({ met }) => met === 'NOT').length;
  console.log(`${rows.length} figures, ${missed === 0 ? 'all met' : `${missed} NOT met`}`);
}
