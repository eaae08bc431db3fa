import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { overview } from '../../../src/domain/overview/overview.js';
import { writeDot } from '../../../src/domain/overview/write-dot.js';
import { writeMarkdown } from '../../../src/domain/overview/write-markdown.js';
import { writeMermaid } from '../../../src/domain/overview/write-mermaid.js';
import { writeText } from '../../../src/domain/overview/write-text.js';
import { snapshotOf } from './estate-snapshot.js';

const CASES = 'test/cases/overview';
const REWRITE = process.env['GOLDEN'] === 'write';
const FORMATS = { txt: writeText, md: writeMarkdown, mmd: writeMermaid, dot: writeDot };

/** An estate.yaml in each folder, drawn in `dev`. The folders of the examples take the estate of the example, in the environment named. */
const EXAMPLES = [
  { name: 'example-online-boutique-dev', estate: 'examples/online-boutique/estate.yaml', environment: 'dev' },
  { name: 'example-online-boutique-prod', estate: 'examples/online-boutique/estate.yaml', environment: 'prod' },
  { name: 'example-ticket-office-dev', estate: 'examples/ticket-office/estate.yaml', environment: 'dev' },
  { name: 'example-ticket-office-prod', estate: 'examples/ticket-office/estate.yaml', environment: 'prod' },
];
const situations = readdirSync(CASES)
  .filter((name) => !EXAMPLES.some((example) => example.name === name))
  .map((name) => ({ name, estate: join(CASES, name, 'estate.yaml'), environment: 'dev' }));

/** GOLDEN=write rewrites what is expected; the change is then for a person to read. */
function expectFile(path: string, content: string): void {
  if (REWRITE) writeFileSync(path, content);
  expect(content).toBe(readFileSync(path, 'utf8'));
}

describe('an environment is drawn as its case says', () => {
  test.each([...situations, ...EXAMPLES])('$name', ({ name, estate, environment }) => {
    const model = overview(snapshotOf(readFileSync(estate, 'utf8'), environment));
    for (const [format, write] of Object.entries(FORMATS)) {
      expectFile(join(CASES, name, `expected.${format}`), write(model));
    }
  });
});
