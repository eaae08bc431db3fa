import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BUILT, builtModules } from './test/support/built-modules.js';
import { LongestFirst } from './test/support/longest-first.js';
import { compile } from './tools/compile.mjs';

/**
 * How much longer property tests look: half of their bases in `npm test`, ten times in `npm run test:long`, which is `vitest run --mode long`. See test/support/runs.ts. It is set for the whole process, which the
 * workers inherit: projects read this file once more, and are not told the mode then.
 */
function propertyFactor(mode: string): number {
  process.env['SLUICE_PROPERTY_FACTOR'] ??= mode === 'long' ? '10' : '0.5';
  return Number(process.env['SLUICE_PROPERTY_FACTOR']);
}

/**
 * What a test makes seldom lasts: a nursery four times as large is collected less often, and leaves less to copy about. What it runs, it seldom runs often enough to
 * repay the optimizing compiler, which took a fifth of the processor's time; `test:long` is another matter. Not of what this V8 does not know.
 */
function flagsOf(factor: number): string[] {
  const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  const nursery = ['--min-semi-space-size=32', '--max-semi-space-size=64'];
  const wanted = factor > 1 ? nursery : [...nursery, '--always-sparkplug', '--no-turbofan'];
  return wanted.filter((flag) => known.includes(`--${/^--(?:no-)?([^=]+)/.exec(flag)?.[1]} `));
}

/** A report for .ci/run to count, where it asks for one. */
function reports(mode: string): ['json', { outputFile: string }][] {
  const folder = process.env['SLUICE_TEST_REPORTS'];
  return folder === undefined ? [] : [['json', { outputFile: `${folder}/${mode}.json` }]];
}

/**
 * `npm test` leaves out files named `.long.test.ts`: they try what few changes touch (the tools of this repository, pipelines, backups, programs that are killed), and take long. `test:long`
 * leaves out those without a property: they would do once more what they did in `npm test`.
 */
function leftOut(mode: string): string[] {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).map((name) => `test/${name}`);
  const isLong = (name: string) => name.endsWith('.long.test.ts');
  if (mode !== 'long') return files.filter(isLong);
  const hasProperty = (name: string) => /\bruns\(/.test(readFileSync(name, 'utf8'));
  return files.filter((name) => name.endsWith('.test.ts') && !isLong(name) && !hasProperty(name));
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
    execArgv: flagsOf(propertyFactor(mode)), // not by the mode: see propertyFactor
    // One more than processors: the slice of faults, and whoever starts a process, mostly waits.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // Files of one worker share their modules: importing Nest anew for each would take most of the time.
    isolate: false,
    server: { deps: { external: [BUILT] } },
    projects: [
      {
        extends: true,
        test: {
          name: 'without-database',
          include: ['test/domain/**/*.test.ts', 'test/tooling/**/*.test.ts'],
          exclude: leftOut(mode),
        },
      },
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
