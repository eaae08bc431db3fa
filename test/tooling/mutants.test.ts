import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { parseSync } from '@swc/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHECKS } from '../../faults/checks/all.js';
import { DATABASE_FAULTS, SERVER_FAULTS } from '../../faults/inflict/all.js';
import { MUTANTS } from '../../faults/mutants/all.js';
import { edited, mutated } from '../../faults/mutants/mutant.js';

const dist = pathToFileURL(`${resolve('dist')}/`).href;

describe('the mutants of the harness of faults', () => {
  beforeAll(() => {
    execFileSync(process.execPath, ['tools/build.mjs']);
  });

  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('%s applies to the present build', (_, mutant) => {
    const sources = mutated(mutant, dist);
    expect(sources.size).toBeGreaterThan(0);
    for (const source of sources.values())
      expect(() => parseSync(source, { syntax: 'ecmascript', target: 'es2023' })).not.toThrow();
  });

  it('name faults and checks that there are, and turn every check red', () => {
    const [checks, faults] = [CHECKS, [...SERVER_FAULTS, ...DATABASE_FAULTS]].map((list) =>
      list.map(({ name }) => name),
    );
    expect(faults).toEqual(expect.arrayContaining(MUTANTS.flatMap((mutant) => mutant.faults)));
    expect([...new Set(MUTANTS.flatMap(({ foundBy }) => foundBy))].sort()).toEqual([...checks!].sort());
  });

  it.each(['nothing like that', 'twice'])('are stale where their text does not stand once: %s', (find) => {
    const edit = { module: 'x.js', find, put: 'never' };
    expect(() => edited('once, twice and twice', edit)).toThrow('the mutant is stale');
  });
});
