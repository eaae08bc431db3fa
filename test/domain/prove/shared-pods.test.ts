import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Labels } from '../../../src/domain/model/labels.js';
import type { LabelSelector } from '../../../src/domain/model/selector.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import type { DeclaredTier } from '../../../src/domain/prove/declared/declared-tier.js';
import { areApart, holdsPod, isNobody, podSet, type PodSet } from '../../../src/domain/prove/pods/pod-set.js';
import { sharedPods } from '../../../src/domain/prove/probes/corners.js';
import { prove } from '../../../src/domain/prove/prove.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { wholeYaml, writeYaml } from '../../../src/domain/render/yaml.js';
import { runs } from '../../support/runs.js';
import { selectors } from '../compile/random-snapshot.js';

const SPACE: Labels = { 'kubernetes.io/metadata.name': 'one' };
const VALUES = [undefined, 'x', 'y', 'z', '', 'other'];
const PODS: readonly Labels[] = VALUES.flatMap((app) =>
  VALUES.flatMap((track) => VALUES.map((constructor) => present({ app, track, constructor }))),
);

function present(labels: Readonly<Record<string, string | undefined>>): Labels {
  return JSON.parse(JSON.stringify(labels)) as Labels;
}

const holdersOf = (sets: readonly PodSet[], pod: Labels): string =>
  sets.map((set) => (holdsPod(set, SPACE, pod) ? '1' : '0')).join('');

describe('tiers that could share pods', () => {
  test('are asked about with pods of every choice of them that has any', () => {
    const check = (all: LabelSelector[]): void => {
      const tiers = all
        .map((pods) => ({ set: podSet('one', pods) }) as DeclaredTier)
        .filter(({ set }) => !isNobody(set));
      const pairs = tiers.flatMap((one, at) =>
        tiers.slice(at + 1).flatMap((other) => (areApart(one.set, other.set) ? [] : [[one, other] as const])),
      );
      const sets = tiers.map(({ set }) => set);
      const found = sharedPods({ pairs, unchecked: [] }).flatMap((one) => (one.kind === 'found' ? [one.pods] : []));
      const asked = found.map(
        (set) => new Set(PODS.filter((pod) => holdsPod(set, SPACE, pod)).map((pod) => holdersOf(sets, pod))),
      );
      for (const choices of asked) expect(choices.size).toBe(1);
      const choices = new Set(PODS.map((pod) => holdersOf(sets, pod)).filter((text) => text.split('1').length > 2));
      expect(asked.flatMap((one) => [...one])).toEqual(expect.arrayContaining([...choices]));
    };
    fc.assert(fc.property(fc.array(selectors, { minLength: 2, maxLength: 5 }), check), runs(100));
  });

  test('what a tier lacks shows, though most of its pods are of another tier that has it and all of them of a third', () => {
    const ports = [{ name: 'metrics', protocol: 'SCTP' as const, port: 79, endPort: 82 }];
    const tier = (application: string, name: string, podSelector: LabelSelector, port: number) => ({
      ...{ application, name, podSelector },
      ports: [{ name: 'metrics', protocol: 'SCTP' as const, port }],
    });
    const snapshot: Snapshot = {
      revision: 1,
      environment: {
        name: 'dev',
        profile: {
          ...{ defaultDeny: true, dns: null, nodeCidrs: [], apiServerCidrs: [] },
          monitoring: {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'elsewhere' } },
            podSelector: { matchLabels: { track: 'z' } },
            portNames: ['metrics'],
          },
        },
      },
      ...{ teams: [], applications: [], peers: [], flows: [] },
      tiers: [
        { ...tier('a', 'web', { matchLabels: { app: 'y' } }, 79), ports },
        tier('a', 'plain', { matchExpressions: [{ key: 'color', operator: 'DoesNotExist' }] }, 82),
        tier('all', 'pods', {}, 81),
      ],
      placements: ['a', 'all'].map((application) => ({ environment: 'dev', application, namespace: 'one', tiers: [] })),
    };
    const { policies } = renderBundle(snapshot);
    expect(prove(snapshot, wholeYaml(writeYaml(policies))).equal).toBe(true);
    const text = Buffer.from(wholeYaml(writeYaml(policies))).toString();
    const { equal, differences } = prove(snapshot, Buffer.from(text.replace('endPort: 82', 'endPort: 81')));
    expect([equal, differences.map(({ subject, ports: lost }) => `${subject} ${lost}`)]).toMatchInlineSnapshot(`
      [
        false,
        [
          "a/web and all/pods SCTP 82",
        ],
      ]
    `);
  });
});
