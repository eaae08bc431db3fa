import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../support/scratch.js';

/** A tree that keeps the rules, so that each file below breaks exactly those that stand beside it. */
const lawful = {
  'src/domain/errors.ts': `export const e = 1;`,
  'src/domain/model/tier.ts': `import { e } from '../errors.js'; export const tier = e;`,
  'src/domain/kubernetes/network-policy.ts': `export interface NetworkPolicy { readonly kind: string }`,
  'src/domain/kubernetes/read.ts': `import { parse } from 'yaml'; export const read = parse;`,
  'src/domain/compile/compile.ts': `import type { NetworkPolicy } from '../kubernetes/network-policy.js'; export const compile = (): NetworkPolicy[] => [];`,
  'src/domain/render/render.ts': `import { createHash } from 'node:crypto'; import { compile } from '../compile/compile.js'; export const render = () => createHash('md5') && compile();`,
  'src/domain/evaluate/evaluate.ts': `import { read } from '../kubernetes/read.js'; export const evaluate = read;`,
  'src/domain/prove/prove.ts': `import { evaluate } from '../evaluate/evaluate.js'; export const prove = evaluate;`,
  'src/domain/overview/overview.ts': `import { compile } from '../compile/compile.js'; export const overview = compile;`,
  'src/domain/release/release.ts': `import { verify } from 'node:crypto'; import { gunzipSync } from 'node:zlib'; export const release = [verify, gunzipSync];`,
  'src/store/database.ts': `import pg from 'pg'; export const pool = pg;`,
  'src/store/team.store.ts': `import { pool } from './database.js'; export const teams = pool;`,
  'src/schema/team.ts': `import { z } from 'zod'; import { tier } from '../domain/model/tier.js'; export const team = [z, tier];`,
  'src/platform/context.ts': `export const context = 1;`,
  'src/features/team/team.service.ts': `import { teams } from '../../store/team.store.js'; export const service = teams;`,
  'src/features/team/team.loader.ts': `export const loader = 1;`,
  'src/features/flow/flow.resolver.ts': `import { loader } from '../team/team.loader.js'; export const resolver = loader;`,
  'src/cli/main.ts': `import { readFileSync } from 'node:fs'; import { read } from '../domain/kubernetes/read.js'; export const main = [read, readFileSync];`,
  'src/bin/sluice.ts': `import { main } from '../cli/main.js'; export const program = main;`,
  'attack/part.ts': `export const part = 1;`,
  'src/app.module.ts': `import { service } from './features/team/team.service.js'; export const app = service;`,
};

/** A file, what it imports, and the rules that it breaks. */
const unlawful: [file: string, imported: string, rules: string[]][] = [
  ['src/domain/model/reads-a-file.ts', 'node:fs', ['domain-is-pure']],
  ['src/domain/diff/asks-the-database.ts', '../../store/database.js', ['domain-is-pure']],
  ['src/domain/model/hashes.ts', 'node:crypto', ['hashes-where-names-and-bytes-are-made']],
  ['src/domain/compile/compresses.ts', 'node:zlib', ['compression-where-bytes-are-made']],
  ['src/domain/render/uses-a-package.ts', 'yaml', ['yaml-where-manifests-are-read']],
  ['src/domain/model/looks-up.ts', '../evaluate/evaluate.js', ['floor-of-model']],
  ['src/domain/signing/looks-up.ts', '../release/release.js', ['floor-of-signing']],
  ['src/domain/cluster/looks-aside.ts', '../release/release.js', ['floor-of-cluster']],
  ['src/domain/prove/looks-aside.ts', '../diff/asks-the-database.js', ['floor-of-prove']],
  ['src/domain/evaluate/peeks.ts', '../compile/compile.js', ['evaluator-knows-no-compiler']],
  ['src/domain/evaluate/peeks-aside.ts', '../render/render.js', ['evaluator-knows-no-compiler', 'floor-of-evaluate']],
  ['src/domain/prove/peeks.ts', '../compile/compile.js', ['proof-knows-no-compiler']],
  ['src/domain/prove/peeks-aside.ts', '../render/render.js', ['proof-knows-no-compiler']],
  ['src/domain/prove/copies-the-picture.ts', '../overview/overview.js', ['proof-knows-no-compiler']],
  ['src/domain/render/reads-manifests.ts', '../kubernetes/read.js', ['render-knows-objects-not-manifests']],
  ['src/domain/compile/reads-manifests.ts', '../kubernetes/read.js', ['floor-of-compile']],
  ['src/platform/asks-the-database.ts', 'pg', ['database-only-in-store']],
  ['src/features/team/asks-the-database.ts', '@prisma/client', ['database-only-in-store']],
  ['src/store/answers-http.ts', 'fastify', ['store-knows-no-feature']],
  ['src/store/flow.store.ts', './team.store.js', ['stores-apart']],
  ['src/schema/knows-who-asks.ts', '../platform/context.js', ['schema-knows-the-model']],
  [
    'src/platform/names-a-feature.ts',
    '../features/team/team.loader.js',
    ['platform-knows-no-feature', 'wired-in-one-place'],
  ],
  ['src/features/flow/uses-a-neighbour.ts', '../team/team.service.js', ['features-apart']],
  ['src/features/flow/flow.service.ts', 'fastify', ['services-know-no-transport']],
  ['src/features/flow/knows-its-door.service.ts', './flow.resolver.js', ['services-know-no-transport']],
  ['src/cli/asks-the-platform.ts', '../platform/context.js', ['command-line-knows-no-server']],
  ['src/cli/reads-yaml.ts', 'yaml', ['command-line-knows-no-server']],
  ['src/platform/knows-its-attack.ts', '../../attack/part.js', ['program-knows-no-tools']],
  ['src/store/needs-a-test-tool.ts', 'vitest', ['no-development-packages-at-run-time']],
  ['src/store/needs-nothing-there.ts', './nothing.js', ['nothing-unresolvable']],
  ['src/platform/round-1.ts', './round-2.js', ['no-cycles']],
  ['src/platform/round-2.ts', './round-1.js', []], // a cycle is told once
];

function violations(files: Record<string, string>): Set<string> {
  const { root, remove } = scratch({
    'package.json': readFileSync('package.json', 'utf8'),
    'tsconfig.json': readFileSync('tsconfig.json', 'utf8'),
    '.dependency-cruiser.mjs': readFileSync('.dependency-cruiser.mjs', 'utf8'),
    ...files,
  });
  try {
    const words = [
      resolve('node_modules/.bin/depcruise'),
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'json',
      'src',
    ];
    const { stdout } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8', maxBuffer: 1e8 });
    const { summary } = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
    return new Set(summary.violations.map(({ from, rule }) => `${from} ${rule.name}`));
  } finally {
    remove();
  }
}

describe('the import rules', () => {
  it('accept what is as it should be', () => {
    expect([...violations(lawful)]).toEqual([]);
  });

  it('name every broken rule, and no other', () => {
    const broken = Object.fromEntries(
      unlawful.map(([file, imported]) => [file, `import * as x from '${imported}'; export const y = x;`]),
    );
    const expected = unlawful.flatMap(([file, , rules]) => rules.map((rule) => `${file} ${rule}`));
    expect([...violations({ ...lawful, ...broken })].sort()).toEqual(expected.sort());
  });
});
