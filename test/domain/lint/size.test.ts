import { describe, expect, test } from 'vitest';
import { generateEstate } from '../../../bench/estate.js';
import { defaultPolicy } from '../../../src/domain/kubernetes/defaulting.js';
import type { Manifests } from '../../../src/domain/kubernetes/read-manifests.js';
import { lintManifests } from '../../../src/domain/lint/manifests/lint-manifests.js';
import { lintModel } from '../../../src/domain/lint/model/lint-model.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';

/** The workloads of an estate, with the policies that are rendered for it. */
function clusterOf(services: number, flows: number): Manifests {
  const snapshot = generateEstate({ services, flows, seed: 1 });
  const namespaces = new Map(snapshot.placements.map(({ application, namespace }) => [application, namespace]));
  const workloads = snapshot.tiers.map(({ application, name, podSelector, ports }) => ({
    namespace: namespaces.get(application) ?? '',
    name,
    kind: 'Deployment',
    labels: podSelector.matchLabels ?? {},
    listens: ports,
  }));
  return { namespaces: [], workloads, services: [], policies: renderBundle(snapshot).policies, findings: [] };
}

/** Of the processor, whoever else may want it. */
function onceMilliseconds(action: () => unknown): number {
  const started = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

function milliseconds(action: () => unknown): number {
  action();
  return onceMilliseconds(action);
}

describe('size', () => {
  test('the model of 1,500 services is linted in less time than it is rendered, and nothing is found in it', () => {
    const snapshot = generateEstate({ services: 1500, flows: 9300, seed: 1 });
    expect(lintModel(snapshot)).toEqual([]);
    expect(milliseconds(() => lintModel(snapshot))).toBeLessThan(0.75 * milliseconds(() => renderBundle(snapshot)));
  });

  test('what is rendered has nothing to mend, and four times as much takes no more than some ten times as long', () => {
    const [small, large] = [clusterOf(150, 900), clusterOf(600, 3600)];
    expect(lintManifests(large)).toEqual([]);
    const ratio = milliseconds(() => lintManifests(large)) / milliseconds(() => lintManifests(small));
    expect(ratio).toBeLessThan(12);
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
