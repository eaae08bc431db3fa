import { expect, test } from 'vitest';
import { readConfig } from '../../src/platform/config.js';

test('a cluster is gone after 30 days of silence, where nothing else is set', () => {
  expect(readConfig({}).deploymentDays).toBe(30);
  expect(readConfig({ SLUICE_DEPLOYMENT_DAYS: '7' }).deploymentDays).toBe(7);
  expect(() => readConfig({ SLUICE_DEPLOYMENT_DAYS: '0' })).toThrow(
    'SLUICE_DEPLOYMENT_DAYS="0": use a whole number from 1 to 3650',
  );
});
