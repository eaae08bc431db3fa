import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NetworkPolicy } from '../../../src/domain/kubernetes/network-policy.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { prove } from '../../../src/domain/prove/prove.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { renderedText } from '../render/rendered-text.js';
import { wholeYaml, writeYaml } from '../../../src/domain/render/yaml.js';
import { runs } from '../../support/runs.js';
import { snapshots } from '../compile/random-snapshot.js';
import { differentMeaning, everyPod } from './meaning.js';
import { mutate, MUTANTS } from './mutants.js';

const either = fc.boolean().chain((own) => snapshots({ own }));
const mistakes = fc.array(fc.tuple(fc.constantFrom(...MUTANTS), fc.nat(1000)), { minLength: 1, maxLength: 2 });
type Mistakes = typeof mistakes extends fc.Arbitrary<infer T> ? T : never;

function wrongly(policies: readonly NetworkPolicy[], made: Mistakes): readonly NetworkPolicy[] {
  return made.reduce(
    (wrong, [mutant, die]) => mutate(wrong, mutant, (items) => items[die % items.length]) ?? wrong,
    policies,
  );
}

describe('the proof of a random snapshot', () => {
  test('holds for its own rendered bytes', () => {
    const check = (snapshot: Snapshot): void => {
      const { differences, objections, equal } = prove(snapshot, wholeYaml(renderBundle(snapshot)));
      expect({ differences, objections, equal }).toEqual({ differences: [], objections: [], equal: true });
    };
    fc.assert(fc.property(either, check), runs(40, 'costly'));
  });

  test('does not depend on the order of its lists', () => {
    const check = (snapshot: Snapshot): void => {
      const wrong = Buffer.from(renderedText(snapshot).replaceAll('TCP', 'UDP'));
      const turned = {
        ...snapshot,
        tiers: [...snapshot.tiers].reverse(),
        peers: [...snapshot.peers].reverse(),
        placements: [...snapshot.placements].reverse(),
        flows: [...snapshot.flows].reverse(),
      };
      expect(prove(turned, wrong)).toEqual(prove(snapshot, wrong));
    };
    fc.assert(fc.property(either, check), runs(13, 'costly'));
  });

  test('does not hold for bytes with a mistake or two, unless they still mean the same', () => {
    const check = (snapshot: Snapshot, made: Mistakes): void => {
      const { policies } = renderBundle(snapshot);
      const wrong = wrongly(policies, made);
      if (!prove(snapshot, wholeYaml(writeYaml(wrong))).equal) return;
      const pods = everyPod(snapshot.tiers.flatMap(({ podSelector }) => podSelector.matchLabels?.['tier'] ?? []));
      const names = made.map(([{ name }]) => name).join(' and ');
      expect(`${names}: ${differentMeaning(policies, wrong, pods)}`).toMatch(/: undefined$/);
    };
    fc.assert(fc.property(either, mistakes, check), runs(67, 'costly'));
  });
});
