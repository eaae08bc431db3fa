import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NetworkPolicy } from '../../../src/domain/kubernetes/network-policy.js';
import { wholeYaml, writeYaml } from '../../../src/domain/render/yaml.js';
import { yamlPieces } from '../../../src/domain/render/yaml-pieces.js';
import { runs } from '../../support/runs.js';
import { anyPolicies } from './random-policy.js';

const write = (policies: readonly NetworkPolicy[]): Uint8Array => wholeYaml(writeYaml(policies));

const MANY = Array.from({ length: 200 }, (_, at): NetworkPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: `allow-${at}`, namespace: 'shop', labels: { app: `tier-${at}` } },
  spec: { podSelector: { matchLabels: { app: `tier-${at}` } }, policyTypes: ['Ingress'] },
}));

const opened = (policy: NetworkPolicy): NetworkPolicy => ({ ...policy, spec: { ...policy.spec, ingress: [{}] } });

describe('yamlPieces', () => {
  test('one behind the other are what was cut, each of whole documents', () => {
    const check = (policies: NetworkPolicy[]): void => {
      const yaml = write(policies);
      const pieces = yamlPieces(yaml);
      expect(Buffer.concat(pieces).equals(yaml)).toBe(true);
      for (const piece of pieces) if (yaml.length > 0) expect(Buffer.from(piece).toString()).toMatch(/^---\n[^]*\n$/);
    };
    fc.assert(fc.property(anyPolicies, check), runs(100));
  });

  test('have four documents on average', () => {
    expect(yamlPieces(write(MANY)).length).toBeGreaterThan(25);
    expect(yamlPieces(write(MANY)).length).toBeLessThan(100);
  });

  test.each([
    ['changes', (at: number) => MANY.with(at, opened(MANY[at]!))],
    ['comes', (at: number) => MANY.toSpliced(at, 0, { ...MANY[at]!, metadata: { name: 'new', namespace: 'shop' } })],
    ['goes', (at: number) => MANY.toSpliced(at, 1)],
  ])('stay as they are but for one or two where an object %s', (_, change) => {
    const before = new Set(yamlPieces(write(MANY)).map((piece) => Buffer.from(piece).toString()));
    for (const at of [0, 1, 57, 58, 59, 198, 199]) {
      const after = yamlPieces(write(change(at))).map((piece) => Buffer.from(piece).toString());
      expect(after.filter((piece) => !before.has(piece)).length).toBeLessThanOrEqual(2);
    }
  });

  test('what is no document of ours is one piece', () => {
    expect(yamlPieces(Buffer.from('resources: []\n'))).toEqual([Buffer.from('resources: []\n')]);
    expect(yamlPieces(Buffer.of())).toEqual([Buffer.of()]);
  });
});
