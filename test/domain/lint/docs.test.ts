import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMPILE_MEND } from '../../../src/domain/compile/findings.js';
import { MANIFEST_RULES } from '../../../src/domain/lint/manifests/manifest-rules.js';
import { MODEL_RULES } from '../../../src/domain/lint/model/model-rules.js';
import { CAVEAT_MEND } from '../../../src/domain/prove/caveats/caveat.js';

const FILE = 'docs/lint.md';
type Rule = Pick<(typeof MODEL_RULES)[number], 'code' | 'severity' | 'what' | 'mend'>;
const TABLES: Readonly<Record<string, readonly Rule[]>> = { manifests: MANIFEST_RULES, model: MODEL_RULES };

/** A table in its place below its mark, up to the next heading. `GOLDEN=write` writes it. */
function withTables(text: string): string {
  return Object.entries(TABLES).reduce((made, [name, rules]) => {
    const rows = rules.map(({ code, severity, what, mend }) => `| \`${code}\` | ${severity} | ${what} | ${mend} |`);
    const table = ['| code | severity | what | mend |', '| --- | --- | --- | --- |', ...rows].join('\n');
    return made.replace(
      new RegExp(`(<!-- rules: ${name} -->\\n)[^]*?(?=\\n## )`),
      (_, mark: string) => `${mark}\n${table}\n`,
    );
  }, text);
}

/** Prettier pads the columns of a table. */
const unpadded = (text: string): string => text.replaceAll(/ {2,}/g, ' ').replaceAll(/-{3,}/g, '---');

test('docs/lint.md has every rule as it is in the code, and every other code', () => {
  const text = readFileSync(FILE, 'utf8');
  const wanted = withTables(text);
  if (process.env['GOLDEN'] === 'write') writeFileSync(FILE, wanted);
  else expect(unpadded(text)).toBe(unpadded(wanted));
  for (const code of [...Object.keys(COMPILE_MEND), ...Object.keys(CAVEAT_MEND)])
    expect(wanted).toContain(`\`${code}\``);
});

test('codes of one list are told apart', () => {
  for (const rules of Object.values(TABLES)) expect(new Set(rules.map(({ code }) => code)).size).toBe(rules.length);
});
