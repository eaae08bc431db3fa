/** How often a property is tried: `base` in `npm test`, more in `npm run test:long`, which sets SLUICE_PROPERTY_FACTOR. */
export function runs(base: number): { numRuns: number } {
  return { numRuns: Math.round(base * Number(process.env['SLUICE_PROPERTY_FACTOR'] ?? 1)) };
}
