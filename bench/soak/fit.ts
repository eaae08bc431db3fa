/** What a straight line says of samples: how fast they grow, and how sure that is. */
export interface Fit {
  /** Per unit of x. */
  readonly slope: number;
  /** The standard error of the slope, by what the samples scatter about the line. */
  readonly error: number;
}

/**
 * The line of least squares through `[x, y]`. Samples that follow one another are alike, which the usual formula takes for less scatter than there is: so
 * they are put together in `groups` stretches first.
 * @example fit([[0, 1], [1, 3], [2, 5]], 3) // { slope: 2, error: 0 }
 */
export function fit(samples: readonly (readonly [x: number, y: number])[], groups = 30): Fit {
  const points = grouped(samples, groups);
  const n = points.length;
  const mean = (of: (point: readonly [number, number]) => number) => points.reduce((sum, one) => sum + of(one), 0) / n;
  const [mx, my] = [mean(([x]) => x), mean(([, y]) => y)];
  const sxx = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / sxx;
  const rest = points.reduce((sum, [x, y]) => sum + (y - my - slope * (x - mx)) ** 2, 0);
  return { slope, error: Math.sqrt(rest / (n - 2) / sxx) };
}

function grouped(samples: readonly (readonly [number, number])[], groups: number): (readonly [number, number])[] {
  const size = Math.max(1, Math.floor(samples.length / groups));
  const stretches = Array.from({ length: Math.floor(samples.length / size) }, (_, n) =>
    samples.slice(n * size, (n + 1) * size),
  );
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return stretches.map((all) => [mean(all.map(([x]) => x)), mean(all.map(([, y]) => y))] as const);
}
