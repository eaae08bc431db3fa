import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ESLint } from 'eslint';
import { afterAll, describe, expect, it } from 'vitest';
import { scratch } from '../support/scratch.js';

/** The project in small: types are known of these files alone, where those of the whole project take long to find. */
const files = ['src/domain/errors.ts', 'src/store/database.ts', 'src/cli/main.ts', 'src/platform/config.ts'] as const;
const small = scratch({
  'tsconfig.json': readFileSync('tsconfig.json', 'utf8').replace('"types": ["node"]', '"types": []'),
  ...Object.fromEntries(files.map((path) => [path, ''])),
});
afterAll(() => small.remove());

const eslint = new ESLint({
  cwd: small.root,
  overrideConfigFile: resolve('eslint.config.js'),
  overrideConfig: { languageOptions: { parserOptions: { tsconfigRootDir: small.root } } },
});

/** Checks a text as if it stood in a file of the project; gives the names of the rules it breaks. */
async function broken(filePath: (typeof files)[number], text: string): Promise<string[]> {
  const results = await eslint.lintText(text, { filePath });
  return results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => ruleId ?? message)).sort();
}

describe('the lint rules', () => {
  it('keep the domain pure', async () => {
    expect(await broken('src/domain/errors.ts', `console.log(Date.now());`)).toEqual([
      'no-restricted-globals',
      'no-restricted-globals',
    ]);
    expect(await broken('src/domain/errors.ts', `export const a = Math.random();`)).toEqual([
      'no-restricted-properties',
    ]);
    expect(await broken('src/domain/errors.ts', `export const a = ['b'].sort((x, y) => x.localeCompare(y));`)).toEqual([
      'no-restricted-properties',
    ]);
  });

  it('let only the configuration read the environment', async () => {
    const text = `export const port = process.env['PORT'];`;
    expect(await broken('src/store/database.ts', text)).toEqual(['no-restricted-properties']);
    expect(await broken('src/cli/main.ts', text)).toEqual(['no-restricted-properties']);
    expect(await broken('src/platform/config.ts', text)).toEqual([]);
  });

  it('find a promise that nobody waits for', async () => {
    expect(await broken('src/store/database.ts', `Promise.resolve();`)).toEqual([
      '@typescript-eslint/no-floating-promises',
    ]);
  });

  it('find a switch that forgets a kind', async () => {
    const text = `export function f(kind: 'a' | 'b'): number {\n  switch (kind) {\n    case 'a':\n      return 1;\n  }\n  return 0;\n}\n`;
    expect(await broken('src/domain/errors.ts', text)).toEqual(['@typescript-eslint/switch-exhaustiveness-check']);
  });

  it('know no enums and no default exports', async () => {
    expect(await broken('src/domain/errors.ts', `export enum E { A }\nexport default E;`)).toEqual([
      'no-restricted-syntax',
      'no-restricted-syntax',
    ]);
  });
});
