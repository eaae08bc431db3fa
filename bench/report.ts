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
  const verdict =
    least === undefined ? '' : ratio >= least ? `  (at least ${least}: yes)` : `  (at least ${least}: NO)`;
  return `${name.padEnd(42)} ${perSecond(own)}   ${baseline.padEnd(40)} ${perSecond(bare)}   ratio ${ratio.toFixed(2)}${verdict}`;
}

function perSecond(value: number): string {
  return `${Math.round(value).toLocaleString('en-US').padStart(8)}/s`;
}

/** One line: a figure and whether it is below what was promised. */
export function limitLine(name: string, value: number, unit: string, below: number): string {
  return `${name.padEnd(42)} ${value.toFixed(1).padStart(8)} ${unit.padEnd(2)}  (below ${below} ${unit}: ${value < below ? 'yes' : 'NO'})`;
}
