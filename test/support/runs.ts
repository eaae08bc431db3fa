/** How much more often `test:long` tries a costly property, for each time that it would try another one. */
const MADE_UP_FOR = 3;

/**
 * How often a property is tried: `base` in `npm test`, more in `npm run test:long`, which sets SLUICE_PROPERTY_FACTOR; with SLUICE_PROPERTY_RUNS set, at least that often, whatever its base.
 * A `costly` one has a low base, so that `npm test` stays short, and `test:long` makes up for it.
 */
export function runs(base: number, cost: 'cheap' | 'costly' = 'cheap'): { numRuns: number } {
  const factor = Number(process.env['SLUICE_PROPERTY_FACTOR'] ?? 1);
  const times = Math.round(base * factor * (factor > 1 && cost === 'costly' ? MADE_UP_FOR : 1));
  return { numRuns: Math.max(times, Number(process.env['SLUICE_PROPERTY_RUNS'] ?? 0)) };
}
