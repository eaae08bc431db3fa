/** How much more often `test:long` tries a costly property, for each time that it would try another one. */
const MADE_UP_FOR = 3;

/**
 * How often a property is tried: `base` times SLUICE_PROPERTY_FACTOR, which is a half in `npm test` and ten in `npm run test:long` (vitest.config.ts sets it); with SLUICE_PROPERTY_RUNS set, at least that often, whatever its base.
 * A `costly` one has a low base, so that `npm test` stays short, and `test:long` makes up for it.
 */
export function runs(base: number, cost: 'cheap' | 'costly' = 'cheap'): { numRuns: number } {
  const factor = Number(process.env['SLUICE_PROPERTY_FACTOR'] ?? 1);
  const times = Math.round(base * factor * (factor > 1 && cost === 'costly' ? MADE_UP_FOR : 1));
  return { numRuns: Math.max(times, Number(process.env['SLUICE_PROPERTY_RUNS'] ?? 0)) };
}
