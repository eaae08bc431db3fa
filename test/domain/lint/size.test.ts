import { describe, expect, test } from 'vitest';
import { generateEstate, manifestsOf } from '../../../bench/estate.js';
import { defaultPolicy } from '../../../src/domain/kubernetes/defaulting.js';
import { lintManifests } from '../../../src/domain/lint/manifests/lint-manifests.js';
import { lintModel } from '../../../src/domain/lint/model/lint-model.js';

/** Of the processor, whoever else may want it. */
function onceMilliseconds(action: () => unknown): number {
  const started = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

describe('size', () => {
  test('the model of 1,500 services, and what is rendered for 150: nothing is found in them', () => {
    expect(lintModel(generateEstate({ services: 1500, flows: 9300, seed: 1 }))).toEqual([]);
    expect(lintManifests(manifestsOf({ services: 150, flows: 900, seed: 1 }))).toEqual([]);
  });

  test('policies made to be compared with each other end the comparing, and the answer says so', () => {
    const all = [...Array(4000).keys()];
    const policies = all.map((i) =>
      defaultPolicy({
        metadata: { name: `p-${i}`, namespace: 'shop' },
        spec: {
          podSelector: { matchExpressions: [{ key: `k-${i}`, operator: 'DoesNotExist' }] },
          ingress: [{ from: [{ podSelector: { matchLabels: { app: `a-${i}` } } }] }],
        },
      }),
    );
    const workloads = [{ namespace: 'shop', name: 'web', kind: 'Deployment', labels: { app: 'web' } }];
    let codes: readonly string[] = [];
    const took = onceMilliseconds(() => {
      codes = lintManifests({ namespaces: [], workloads, services: [], policies, findings: [] }).map(
        ({ code }) => code,
      );
    });
    expect(codes).toContain('lint-given-up');
    expect(took).toBeLessThan(20_000);
  });
});
