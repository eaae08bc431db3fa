import { describe, expect, test } from 'vitest';
import { prove } from '../../../src/domain/prove/prove.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { wholeYaml, writeYaml } from '../../../src/domain/render/yaml.js';
import { renderCases } from '../render/case-files.js';
import { proofCases, resolved, snapshotOf } from './case-files.js';
import { mutate, MUTANTS, type Mutant } from './mutants.js';
import { differenceText, proofText } from './proof-text.js';

describe('a proof says what its case says', () => {
  test.each(proofCases())('$name', async ({ snapshot, bytes, proofFile }) => {
    const proof = prove(snapshot, bytes ?? wholeYaml(renderBundle(snapshot)));
    expect(proof.equal).toBe(bytes === undefined);
    await expect(proofText(proof)).toMatchFileSnapshot(proofFile);
  });
});

describe('what the cases of the renderer render is proved', () => {
  // Its values try the YAML writer: no API server, and no model, would take them for labels.
  const cases = renderCases().filter(({ name }) => name !== 'values-that-look-like-something-else');
  test.each(cases)('$name', ({ snapshot }) => {
    const { equal, differences, objections } = prove(snapshot, wholeYaml(renderBundle(snapshot)));
    expect({ differences, objections, equal }).toEqual({ differences: [], objections: [], equal: true });
  });
});

describe('every mistake that a renderer could make', () => {
  const snapshots = ['every-kind-of-peer', 'many-sources-merged-into-one'].map(snapshotOf);
  const answers = (mutant: Mutant): string[] =>
    snapshots.flatMap((snapshot) => {
      const wrong = mutate(renderBundle(snapshot).policies, mutant, ([first]) => first);
      if (wrong === undefined) return [];
      const { equal, differences, objections } = prove(snapshot, wholeYaml(writeYaml(wrong)));
      expect(equal).toBe(false);
      return [...differences.map(differenceText), ...objections.map(({ message }) => message)].slice(0, 3);
    });

  test('is named', async () => {
    const lines = MUTANTS.map((mutant) => {
      const found = answers(mutant);
      expect(found, `${mutant.name} has no place in these snapshots`).not.toEqual([]);
      return `${mutant.name}\n${found.map((line) => `  ${line}\n`).join('')}`;
    });
    await expect(lines.join('')).toMatchFileSnapshot(resolved('mistakes.txt'));
  });
});
