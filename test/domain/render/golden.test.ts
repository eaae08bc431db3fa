import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/domain/finding.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { wholeYaml } from '../../../src/domain/render/yaml.js';
import { renderCases } from './case-files.js';
import { textOf } from './rendered-text.js';

const REWRITE = process.env['GOLDEN'] === 'write';

/** `npm run golden` rewrites what is expected; the change is then for a person to read. */
function expectFile(path: string, content: string): void {
  if (REWRITE) writeFileSync(path, content);
  expect(content).toBe(readFileSync(path, 'utf8'));
}

const line = ({ severity, code, path, message }: Finding): string => `${severity} ${code} ${path}: ${message}\n`;

describe('a snapshot renders as its case says', () => {
  test.each(renderCases())('$name', ({ snapshot, expectedFile, findingsFile }) => {
    const bundle = renderBundle(snapshot);
    expectFile(expectedFile, textOf(wholeYaml(bundle)));
    expectFile(findingsFile, bundle.findings.map(line).join(''));
  });
});
