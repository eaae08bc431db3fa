import fc from 'fast-check';
import { stringify } from 'yaml';
import { wholeYaml, writeYaml } from '../../../../src/domain/render/yaml.js';
import { anyPolicies, HOSTILE } from '../../render/random-policy.js';

const words = [
  'a',
  'kind',
  'b c',
  'null',
  'x: y',
  '- a',
  '#',
  '1',
  '~',
  'true',
  '<<',
  '__proto__',
  'constructor',
  '"',
  "'",
];
const anyScalar = fc.oneof(
  fc.constantFrom(...HOSTILE, ...words),
  fc.string({ maxLength: 6 }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const anyKey = fc.oneof(
  fc.constantFrom(...words),
  fc.string({ minLength: 1, maxLength: 5 }),
  fc.constantFrom(...HOSTILE),
);

const { node } = fc.letrec((tie) => ({
  node: fc.oneof({ maxDepth: 4, withCrossShrink: true }, anyScalar, tie('list'), tie('map')),
  list: fc.array(tie('node'), { maxLength: 4 }),
  map: fc.dictionary(anyKey, tie('node'), { maxKeys: 4, noNullPrototype: true }),
}));

const anyStyle = fc.record({
  indent: fc.constantFrom(1, 2, 4),
  indentSeq: fc.boolean(),
  lineWidth: fc.constantFrom(0, 20, 80),
  simpleKeys: fc.constant(false),
  aliasDuplicateObjects: fc.constant(false),
  defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_SINGLE' as const, 'QUOTE_DOUBLE' as const),
  defaultKeyType: fc.constantFrom(null, 'PLAIN' as const, 'QUOTE_DOUBLE' as const),
  collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'block' as const),
  directives: fc.constantFrom(null, true),
});

/** Streams of any values, as the package writes them in many styles. */
export const writtenByPackage: fc.Arbitrary<string> = fc
  .array(fc.tuple(node, anyStyle), { minLength: 1, maxLength: 3 })
  .map((documents) => documents.map(([value, style]) => stringify(value, style)).join('---\n'));

/** Streams of NetworkPolicies with any strings in them, as they are rendered. */
export const writtenByUs: fc.Arbitrary<string> = anyPolicies.map((policies) =>
  Buffer.from(wholeYaml(writeYaml(policies))).toString(),
);

const SNIPPETS = [
  ...[
    '\n',
    ' ',
    '  ',
    '\t',
    ':',
    ': ',
    ' :',
    '- ',
    '-',
    '#',
    ' #',
    '---\n',
    '...\n',
    '"',
    "'",
    "''",
    '\\',
    '{}',
    '[]',
    '{',
    ']',
    ',',
  ],
  ...[
    '&a ',
    '*a',
    '!',
    '!!str ',
    '|',
    '>',
    '? ',
    '<<: ',
    '%YAML 1.1\n',
    '~',
    '0',
    '.',
    'e1',
    'x',
    '\r',
    '\r\n',
    '\n\n',
    '\n  ',
    '\\x41',
  ],
  ...[
    '\n- ',
    '\n---',
    '@',
    '`',
    'null',
    '0x1f',
    '+',
    '_',
    '\u0085',
    '\u2028',
    '\ufeff',
    '\u0001',
    'a: ',
    'a: 1\n',
    '# c\n',
    '1: 2\n',
  ],
];

const SIGNS = [
  ...[
    'a',
    'b',
    ' ',
    ' ',
    '  ',
    '\n',
    '\n',
    '\n',
    ':',
    ': ',
    ': ',
    '- ',
    '- ',
    '-',
    '"',
    "'",
    '#',
    '---\n',
    '{}',
    '[]',
    '0',
  ],
];

/** Short texts of the signs that decide, where no sentence of YAML is expected. */
export const heapsOfSigns: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...SIGNS) }, fc.constantFrom(...SNIPPETS)), { maxLength: 14 })
  .map((signs) => signs.join(''));

const anyChange = fc.record({
  kind: fc.constantFrom(
    'insert',
    'insert',
    'delete',
    'delete',
    'swap',
    'swap lines',
    'delete line',
    'copy line',
    'indent line',
  ),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  to: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  snippet: fc.constantFrom(...SNIPPETS),
});

type Change = typeof anyChange extends fc.Arbitrary<infer T> ? T : never;

/** Texts that are nearly YAML: written well, then changed in a few places. */
export const mutated: fc.Arbitrary<string> = fc
  .tuple(fc.oneof(writtenByPackage, writtenByUs), fc.array(anyChange, { minLength: 1, maxLength: 4 }))
  .map(([text, changes]) => changes.reduce(change, text));

function change(text: string, { kind, at, to, snippet }: Change): string {
  const here = Math.floor(at * (text.length + 1));
  if (kind === 'insert') return text.slice(0, here) + snippet + text.slice(here);
  if (kind === 'delete') return text.slice(0, here) + text.slice(here + 1 + Math.floor(to * 3));
  if (kind === 'swap')
    return (
      text.slice(0, here) +
      text
        .slice(here, here + 2)
        .split('')
        .reverse()
        .join('') +
      text.slice(here + 2)
    );
  const lines = text.split('\n');
  const [one, other] = [Math.floor(at * lines.length), Math.floor(to * lines.length)];
  const [line = '', moved = ''] = [lines[one], lines[other]];
  if (kind === 'swap lines') return lines.with(one, moved).with(other, line).join('\n');
  if (kind === 'delete line') return lines.toSpliced(one, 1).join('\n');
  if (kind === 'copy line') return lines.toSpliced(other, 0, line).join('\n');
  return lines.with(one, to < 0.5 ? ` ${line}` : line.replace(/^ /, '')).join('\n');
}
