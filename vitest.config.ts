import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

/** How much longer property tests look: `npm run test:long` is `vitest run --mode long`. See test/support/runs.ts. */
function propertyFactor(mode: string): number {
  return Number(process.env['SLUICE_PROPERTY_FACTOR'] ?? (mode === 'long' ? 10 : 1));
}

/** A report for .ci/run to count, where it asks for one. */
function reports(mode: string): ['json', { outputFile: string }][] {
  const folder = process.env['SLUICE_TEST_REPORTS'];
  return folder === undefined ? [] : [['json', { outputFile: `${folder}/${mode}.json` }]];
}

export default defineConfig(({ mode }) => ({
  plugins: [swc.vite({ module: { type: 'es6' } })],
  // Vite would take the ES modules of graphql, Node takes the CommonJS ones for the packages beside it: two of everything, strangers to each other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    reporters: ['default', ...reports(mode)],
    env: { SLUICE_PROPERTY_FACTOR: String(propertyFactor(mode)) },
    testTimeout: 30_000 * Math.max(1, propertyFactor(mode)),
    hookTimeout: 60_000,
    setupFiles: ['test/support/property-seed.ts'],
    // By default one processor is left idle: of two, one.
    maxWorkers: '100%',
    // Files of one worker share their modules: importing Nest anew for each would take most of the time.
    isolate: false,
    projects: [
      { extends: true, test: { name: 'domain', include: ['test/domain/**/*.test.ts'] } },
      { extends: true, test: { name: 'tooling', include: ['test/tooling/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'database',
          include: ['test/**/*.test.ts'],
          exclude: ['test/domain/**', 'test/tooling/**'],
          globalSetup: ['test/support/database.setup.ts'],
        },
      },
    ],
  },
}));
