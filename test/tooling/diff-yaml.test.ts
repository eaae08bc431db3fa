import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffObjects } from '../../src/domain/diff/objects.js';
import { renderBundle } from '../../src/domain/render/bundle.js';
import { wholeYaml } from '../../src/domain/render/yaml.js';
import { diffYaml } from '../../src/work/diff-yaml.js';
import { changes } from '../domain/diff/change/random-change.js';
import { runs } from '../support/runs.js';

test('the pieces that are not in both streams tell what comparing all objects tells', () => {
  fc.assert(
    fc.property(changes({ own: false }), ([before, after]) => {
      const [was, is] = [renderBundle(before), renderBundle(after)];
      expect(diffYaml(wholeYaml(was), wholeYaml(is))).toEqual(diffObjects(was.policies, is.policies));
      expect(diffYaml(wholeYaml(was), wholeYaml(was))).toEqual([]);
    }),
    runs(100),
  );
});
