import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratch } from '../support/scratch.js';

const STEPS = ['build', 'compile', 'bundle', 'files'].map((name) => `tools/${name}.mjs`);

let folder: ReturnType<typeof scratch>;

beforeEach(() => {
  folder = scratch({
    'package.json': '{ "type": "module" }',
    '.swcrc': readFileSync('.swcrc', 'utf8'),
    ...Object.fromEntries(STEPS.map((file) => [file, readFileSync(file, 'utf8')])),
    'tools/no-engine.sh': '#!/bin/sh\nexit 1\n',
    'src/deep/answer.ts': 'export const answer: number = 42;',
    'src/main.ts': `import { answer } from './deep/answer.js';\nconsole.log(answer);`,
    'bench/run.ts': `import { answer } from '../src/deep/answer.js';\nconsole.log(answer + 1);`,
  });
});

afterEach(() => {
  folder.remove();
});

function build(): string {
  return execFileSync(process.execPath, [join(folder.root, 'tools/build.mjs')], {
    encoding: 'utf8',
    stdio: 'pipe',
  }).replace(/ \(.*\n/, '');
}

function run(...words: string[]): string {
  return execFileSync(process.execPath, words, { cwd: folder.root, encoding: 'utf8', stdio: 'pipe' }).trim();
}

describe('tools/build.mjs', () => {
  it('compiles src/ to dist/ and the rest below dist/, where both find each other', () => {
    expect(build()).toBe('build: 3 files compiled, 0 removed, bundled');
    expect(run('dist/main.js')).toBe('42');
    expect(run('dist/bench/run.js')).toBe('43');
  });

  it('does again only what changed, and removes what has no source any more', () => {
    build();
    expect(build()).toBe('build: 0 files compiled, 0 removed');
    folder.write('src/deep/answer.ts', 'export const answer: number = 7;');
    expect(build()).toBe('build: 1 files compiled, 0 removed, bundled');
    expect(run('dist/main.js')).toBe('7');
    execFileSync('rm', [join(folder.root, 'bench/run.ts')]);
    expect(build()).toBe('build: 0 files compiled, 1 removed');
    expect(existsSync(join(folder.root, 'dist/bench/run.js'))).toBe(false);
  });

  it('compiles everything again when the settings of the compiler change', () => {
    build();
    writeFileSync(join(folder.root, '.swcrc'), readFileSync('.swcrc', 'utf8').replace('es2023', 'es2022'));
    expect(build()).toBe('build: 3 files compiled, 0 removed, bundled');
  });

  it('generates the Prisma client when the schema changes, with no download', () => {
    const schema = (model: string): string =>
      `generator client {\n provider = "prisma-client"\n engineType = "client"\n output = "../src/store/generated"\n}\ndatasource db {\n provider = "postgresql"\n}\nmodel ${model} {\n id Int @id\n}\n`;
    folder.write('prisma.config.ts', readFileSync('prisma.config.ts', 'utf8'));
    folder.write('prisma/schema.prisma', schema('Apple'));
    expect(build()).toMatch(/^build: generated the Prisma client, /);
    expect(existsSync(join(folder.root, 'src/store/generated/models/Apple.ts'))).toBe(true);
    expect(build()).toBe('build: 0 files compiled, 0 removed');
    folder.write('prisma/schema.prisma', schema('Pear'));
    expect(build()).toMatch(/^build: generated the Prisma client, /);
    expect(existsSync(join(folder.root, 'dist/store/generated/models/Pear.js'))).toBe(true);
  });

  it('says what is wrong, and fails', () => {
    folder.write('src/broken.ts', 'export const = 1;');
    expect(() => build()).toThrow(/broken\.ts/);
  });

  it('puts the server into one file that has its packages in it, and finds what lies beside a module', () => {
    folder.write('beside.txt', 'found');
    folder.write(
      'src/deep/answer.ts',
      `import { readFileSync } from 'node:fs';
       import DataLoader from 'dataloader';
       export const answer = DataLoader.name + readFileSync(new URL('../../beside.txt', import.meta.url), 'utf8');`,
    );
    build();
    for (const gone of ['dist', 'node_modules']) rmSync(join(folder.root, gone), { recursive: true });
    expect(run('bundle/main.js')).toBe('DataLoaderfound');
  });

  it('leaves a package that is not installed to those who do without', () => {
    folder.write(
      'src/main.ts',
      `const load = () => import('not-installed');\nload().then(() => 'there', () => 'without').then(console.log);`,
    );
    build();
    expect(run('bundle/main.js')).toBe('without');
  });

  it('knows the lines of src/ also of what is in one file', () => {
    folder.write('src/deep/answer.ts', `\n\nexport const answer: number = (undefined as any).missing;`);
    build();
    expect(() => run('--enable-source-maps', 'bundle/main.js')).toThrow(/src\/deep\/answer\.ts:3:/);
  });

  it('bundles again when the server changes, not when a bench does', () => {
    build();
    folder.write('bench/run.ts', `export const changed = true;`);
    expect(build()).toBe('build: 1 files compiled, 0 removed');
    folder.write('src/deep/answer.ts', 'export const answer: number = 7;');
    build();
    expect(run('bundle/main.js')).toBe('7');
  });
});
