import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainDocument } from '../../../../src/domain/kubernetes/plain-yaml/plain-document.js';
import { streamParts } from '../../../../src/domain/kubernetes/plain-yaml/stream-parts.js';
import { parseByPackage, parseYaml } from '../../../../src/domain/kubernetes/yaml-documents.js';
import { SluiceError } from '../../../../src/domain/errors.js';
import { runs } from '../../../support/runs.js';
import { haveExams } from '../../evaluate/exams.js';
import { HOSTILE } from '../../render/random-policy.js';
import { heapsOfSigns, mutated, writtenByPackage, writtenByUs } from './random-yaml.js';

/** Whether every document of a text is read without the package. */
function allPlain(text: string): boolean {
  const parts = streamParts(text);
  return parts?.every((part) => plainDocument(text, part, new Map()) !== undefined) ?? false;
}

function outcome(read: () => unknown, text: string): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    return text.includes('{{') ? error.code : [error.code, error.message]; // templates are named by parseYaml alone
  }
}

/** Values and lines, or the very same refusal; the plain reader by itself, too, must not answer where the package refuses. */
function readsAsThePackage(text: string): void {
  const [ours, theirs] = [outcome(() => parseYaml(text), text), outcome(() => parseByPackage(text, 1), text)];
  if (!isDeepStrictEqual(ours, theirs)) {
    throw new Error(`not read alike: ${JSON.stringify({ text, ours, theirs })}`);
  }
}

const FOLDERS = ['examples', ...(haveExams ? ['../shared/exams'] : [])];

describe('a stream read plainly where it can be', () => {
  test.each([
    ['written by the package', writtenByPackage, 50],
    ['as we render it', writtenByUs, 27],
    ['written and then changed', mutated, 230],
    ['of signs in any order', heapsOfSigns, 500],
  ] as const)('%s: what the package says, values, lines and refusals', (_, texts, times) => {
    fc.assert(fc.property(texts, readsAsThePackage), runs(times, 'costly'));
  });

  test('as we render it: always plain', () => {
    fc.assert(fc.property(writtenByUs, allPlain), runs(27, 'costly'));
  });

  test.each(FOLDERS)('all YAML under %s', (folder) => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$/.test(name));
    for (const name of files) readsAsThePackage(readFileSync(join(folder, name), 'utf8'));
    expect(files).not.toHaveLength(0);
  });
});

describe('what is plain and what is not', () => {
  test.each([
    'a: 1\n',
    '---\na:\n- b\n- c: 1\n  d: []\n-\n  - - x\n    - y\ne: {}\n',
    "# c\n\n---\n  # c\n\"a\\u0062\": 'it''s'\n\n---\n",
    'a: b:c#d\n',
    'a: -1\nb: 1.2.3.4/8\nc: --flag=x y\nd:\n',
    '__proto__: 1\nconstructor: 2\n"<<": 3\n',
    `a: "${'x'.repeat(50_000)}"`,
  ])('%j is', (text) => {
    expect(allPlain(text)).toBe(true);
    readsAsThePackage(text);
  });

  test.each([
    ...[
      'a: &x 1',
      'a: *x',
      'a: !!str 1',
      'a: {b: 1}',
      'a: [1]',
      'a: |\n  b',
      'a: >\n  b',
      'a: b\n  c',
      'a: "b\n  c"',
      '? a',
    ],
    ...[
      'a:\tb',
      '%YAML 1.1\n---\na: on',
      'a: 1\r\nb: 2',
      '\ufeffa: 1',
      'a: 1 # c',
      '1: a',
      'true: a',
      'a: 1\na: 2',
      '<<: {}',
    ],
    ...[
      'a: 1\n  b: 2',
      '  a: 1\n b: 2',
      'a: b: c',
      'a: - b',
      '- a\nb: c',
      'scalar',
      '--- a',
      '--- a: 1',
      'a: 1\n...\n',
      'a: "\\q"',
    ],
    ...[
      'a: "b" c',
      "a: 'b",
      '{}',
      '"a":1',
      'a : 1',
      `${'x'.repeat(1100)}: 1`,
      'a: @b',
      'a: ,',
      'a: %b',
      'a: "\\U00110000"',
    ],
    ...[`${'- '.repeat(150)}a`, `${'- '.repeat(250)}a`, 'a: \u0001', 'a\n---', ': 1', 'a: "b" # c', '- # c\n  a'],
  ])('%j is not', (text) => {
    expect(allPlain(text)).toBe(false);
    readsAsThePackage(text);
  });

  test.each(HOSTILE)('%j, written as it is', (text) => {
    for (const one of [`a: ${text}\n`, `- ${text}\n`, `${text}: 1\n`, `a:\n  ${text}\n`, `- - ${text}\n---\nb: 1`])
      readsAsThePackage(one);
  });
});
