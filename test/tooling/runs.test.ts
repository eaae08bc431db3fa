import { expect, test } from 'vitest';
import { runs } from '../support/runs.js';

const { npm_lifecycle_event: script, SLUICE_PROPERTY_RUNS: least } = process.env;

test.skipIf(least !== undefined)(
  'npm run test:long tries properties ten times as often, and costly ones thirty times',
  () => {
    const factor = Number(process.env['SLUICE_PROPERTY_FACTOR']);
    if (script === 'test:long') expect(factor).toBeGreaterThan(1);
    if (factor > 1) expect(process.execArgv).not.toContain('--no-turbofan'); // what is drawn often is worth optimizing
    expect(runs(100).numRuns).toBe(100 * factor);
    expect(runs(100, 'costly').numRuns).toBe(100 * factor * (factor > 1 ? 3 : 1));
  },
);
