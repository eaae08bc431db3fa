import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/domain/finding.js';
import { readManifests } from '../../../src/domain/kubernetes/read-manifests.js';
import { lintManifests } from '../../../src/domain/lint/manifests/lint-manifests.js';
import { MANIFEST_RULES } from '../../../src/domain/lint/manifests/manifest-rules.js';
import { lintModel } from '../../../src/domain/lint/model/lint-model.js';
import { MODEL_RULES } from '../../../src/domain/lint/model/model-rules.js';
import { lintCases, type ModelInput, snapshotOf } from './case-files.js';

const placesOf = (findings: readonly Finding[], code: string) =>
  findings.filter((finding) => finding.code === code).map(({ path }) => path);

describe('rules for manifests', () => {
  describe.each(lintCases<readonly object[]>('manifests'))('$code', ({ code, fires, at, nearMiss }) => {
    test('is found', () => {
      const found = lintManifests(readManifests(fires));
      expect(placesOf(found, code)).toEqual(at);
      for (const { mend = '' } of found.filter((finding) => finding.code === code)) expect(mend).toMatch(/\S\.$/);
    });
    test('a near miss is not', () => {
      expect(placesOf(lintManifests(readManifests(nearMiss)), code)).toEqual([]);
    });
  });

  test('every rule has a case, and every case a rule', () => {
    const codes = [...MANIFEST_RULES.map(({ code }) => code), 'policy-selects-nothing'].sort();
    expect(
      lintCases('manifests')
        .map(({ code }) => code)
        .sort(),
    ).toEqual(codes);
  });
});

describe('rules for the model', () => {
  describe.each(lintCases<ModelInput>('model'))('$code', ({ code, fires, at, nearMiss }) => {
    test('is found', () => {
      const found = lintModel(snapshotOf(fires));
      expect(placesOf(found, code)).toEqual(at);
      for (const { mend = '' } of found) expect(mend).toMatch(/\S\.$/);
    });
    test('a near miss is not', () => {
      expect(placesOf(lintModel(snapshotOf(nearMiss)), code)).toEqual([]);
    });
    test('a flow that does not hold here, and an application that is not placed, are not looked at', () => {
      const elsewhere = (fires.flows ?? []).map((flow) => ({ ...flow, environments: ['prod'] }));
      const found = lintModel(snapshotOf({ ...fires, flows: elsewhere, placements: [] }));
      expect(placesOf(found, code).filter((path) => !path.startsWith('profile/dns'))).toEqual([]);
    });
  });

  test('every rule has a case, and every case a rule', () => {
    expect(
      lintCases('model')
        .map(({ code }) => code)
        .sort(),
    ).toEqual(MODEL_RULES.map(({ code }) => code).sort());
  });

  test('nothing is an error: lint stands in the way of no publish', () => {
    expect(MODEL_RULES.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});
