import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PARTS } from '../../attack/parts.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { runs } from '../support/runs.js';
import { loadShop } from '../support/shop.js';

/** How much of `npm run attack` there is time for, by its parts; the others take longer, or measure. */
const SLICE: readonly [part: string, requests: number, tried: number][] = [
  ['rest', runs(980).numRuns, runs(980).numRuns],
  ['graphql', runs(1600).numRuns, runs(400).numRuns],
  ['scanners', 20, 20],
];

/** Draws anew each time, as properties do. */
const seed = Number(process.env['SLUICE_PROPERTY_SEED'] ?? Math.floor(Math.random() * 1e9));

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});

describe('an attack in short', () => {
  it.each(SLICE)('%s', { timeout: 600_000 }, async (name, requests, tried) => {
    const part = PARTS.find((one) => one.name === name);
    const outcome = await part!.run(sluice, { requests, seed });
    expect(outcome.failures).toEqual([]);
    expect(outcome.tried).toBeGreaterThanOrEqual(tried);
  });
});
