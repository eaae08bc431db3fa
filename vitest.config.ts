import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BUILT, builtModules } from './test/support/built-modules.js';
import { LongestFirst } from './test/support/longest-first.js';
import { compile } from './tools/compile.mjs';

/**
 * How much longer property tests look: `npm run test:long` is `vitest run --mode long`. See test/support/runs.ts. It is set for the whole process, which the
 * workers inherit: projects read this file once more, and are not told the mode then.
 */
function propertyFactor(mode: string): number {
  process.env['SLUICE_PROPERTY_FACTOR'] ??= mode === 'long' ? '10' : '1';
  return Number(process.env['SLUICE_PROPERTY_FACTOR']);
}

/** A report for .ci/run to count, where it asks for one. */
function reports(mode: string): ['json', { outputFile: string }][] {
  const folder = process.env['SLUICE_TEST_REPORTS'];
  return folder === undefined ? [] : [['json', { outputFile: `${folder}/${mode}.json` }]];
}

/** `test:long` leaves out files without a property: they would do once more what they did in `npm test`. */
function leftOut(mode: string): string[] {
  if (mode !== 'long') return [];
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).map((name) => `test/${name}`);
  return files.filter((name) => name.endsWith('.test.ts') && !/\bruns\(/.test(readFileSync(name, 'utf8')));
}

// So that what tests run is what they read; nothing where nothing changed.
await compile();

export default defineConfig(({ mode }) => ({
  plugins: [builtModules()],
  // Vite would take the ES modules of graphql for a test, Node takes the CommonJS ones for all others: two of everything, strangers to each other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    reporters: ['default', ...reports(mode)],
    testTimeout: 30_000 * Math.max(1, propertyFactor(mode)),
    hookTimeout: 60_000,
    setupFiles: ['test/support/property-seed.ts'],
    // One more than processors: the slice of faults, and whoever starts a process, mostly waits.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // Files of one worker share their modules: importing Nest anew for each would take most of the time.
    isolate: false,
    server: { deps: { external: [BUILT] } },
    projects: [
      { extends: true, test: { name: 'domain', include: ['test/domain/**/*.test.ts'], exclude: leftOut(mode) } },
      { extends: true, test: { name: 'tooling', include: ['test/tooling/**/*.test.ts'], exclude: leftOut(mode) } },
      {
        extends: true,
        test: {
          name: 'database',
          include: ['test/**/*.test.ts'],
          exclude: ['test/domain/**', 'test/tooling/**', ...leftOut(mode)],
          globalSetup: ['test/support/database.setup.ts'],
        },
      },
    ],
  },
}));
