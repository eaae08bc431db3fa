/**
 * How often a property is tried: `base` in `npm test`, more in `npm run test:long`, which sets SLUICE_PROPERTY_FACTOR; with SLUICE_PROPERTY_RUNS set, at least that often, whatever its base.
 */
export function runs(base: number): { numRuns: number } {
  const times = Math.round(base * Number(process.env['SLUICE_PROPERTY_FACTOR'] ?? 1));
  return { numRuns: Math.max(times, Number(process.env['SLUICE_PROPERTY_RUNS'] ?? 0)) };
}
