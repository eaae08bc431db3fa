import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NetworkPolicy } from '../../../src/domain/kubernetes/network-policy.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { jsonOfYaml, policiesOfYaml } from '../../../src/domain/render/json-of-yaml.js';
import { wholeYaml, writeYaml } from '../../../src/domain/render/yaml.js';
import { snapshots } from '../compile/random-snapshot.js';
import { runs } from '../../support/runs.js';
import { anyPolicies } from './random-policy.js';

describe('the JSON of what writeYaml wrote', () => {
  test('has the objects that were written, whatever strings they hold', () => {
    const check = (policies: NetworkPolicy[]): void => {
      expect(policiesOfYaml(wholeYaml(writeYaml(policies)))).toEqual(JSON.parse(JSON.stringify(policies)));
    };
    fc.assert(fc.property(anyPolicies, check), runs(250));
  });

  test('is, of what is rendered, byte for byte what JSON.stringify makes of it', () => {
    fc.assert(
      fc.property(snapshots({ own: false }), (snapshot) => {
        const { namespaces, policies } = renderBundle(snapshot);
        expect(`[${jsonOfYaml(wholeYaml({ namespaces }))}]`).toBe(JSON.stringify(policies));
      }),
      runs(150),
    );
  });

  test('of nothing is nothing', () => expect(jsonOfYaml(Buffer.of())).toBe(''));
});
