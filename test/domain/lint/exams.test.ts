import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/domain/finding.js';
import { readManifests } from '../../../src/domain/kubernetes/read-manifests.js';
import { lintManifests } from '../../../src/domain/lint/manifests/lint-manifests.js';
import { lintModel } from '../../../src/domain/lint/model/lint-model.js';
import { examFiles, examText, haveExams } from '../evaluate/exams.js';
import { snapshotOf } from '../overview/estate-snapshot.js';

/** How many of each code, without what the reader skipped. */
function countsOf(findings: readonly Finding[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of findings) if (code !== 'kind-skipped') counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

const lint = (text: string) => lintManifests(readManifests(text));

/** Each of these was looked at by hand: it is so. */
describe.skipIf(!haveExams)('lint of the exams', () => {
  test('Online Boutique: egress is open on purpose, and the front door on every port', () => {
    const found = lint(examText('manifests/online-boutique/rendered-base-with-network-policies.yaml'));
    expect(countsOf(found)).toEqual({ 'egress-to-everywhere': 12, 'ingress-from-anyone': 1 });
    console.log(`lint manifests/online-boutique: ${found.length} findings, all true`);
  });

  test('Argo CD: metrics for every namespace, no default deny, the server open on every port', () => {
    const found = lint(examText('manifests/argo-cd/namespace-install.yaml'));
    expect(countsOf(found)).toEqual({ 'open-to-every-namespace': 5, 'no-default-deny': 1, 'ingress-from-anyone': 1 });
    console.log(`lint manifests/argo-cd: ${found.length} findings, all true`);
  });

  test('the recipes: what they open, and that their pods are not there', () => {
    const files = examFiles('recipes').filter((file) => file.endsWith('.yaml'));
    const found = files.flatMap((file) => lint(examText(file)));
    expect(countsOf(found)).toEqual({
      'workloads-not-given': files.length,
      'ingress-from-anyone': 2, // 02a and 08, whose purpose it is
      'open-to-every-namespace': 1, // 05, whose purpose it is
    });
    console.log(`lint recipes: ${found.length} findings in ${files.length} files, all true`);
  });
});

describe('lint of the examples', () => {
  const cases = ['online-boutique', 'ticket-office'].flatMap((name) =>
    ['dev', 'prod'].map((environment) => [name, environment] as const),
  );
  test.each(cases)('%s in %s has nothing to mend', (name, environment) => {
    const snapshot = snapshotOf(readFileSync(`examples/${name}/estate.yaml`, 'utf8'), environment);
    expect(lintModel(snapshot)).toEqual([]);
  });
});
