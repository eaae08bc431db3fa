import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { different, idleArguments, objectionsTo } from '../../attack/regexes/judge.js';
import { type Pattern, patternsIn, patternsOf } from '../../attack/regexes/patterns.js';

/** Patterns that were judged safe before: judging all of them takes half a minute, and `npm run attack` does. */
const SAFE = 'attack/regexes/safe.txt';

const patterns = patternsOf('src');

/** As it is written in the code, a pattern a line. */
function found(text: string): string[] {
  return [...different(patternsIn('x.ts', text), []).keys()];
}

describe('every regular expression of the program', () => {
  it(
    'takes time in proportion to its text, or there is a reason why that does not matter',
    { timeout: 300_000 },
    async () => {
      const names = [...different(patterns).keys()].sort();
      const judged = new Set(readFileSync(SAFE, 'utf8').split('\n'));
      const open = patterns.filter((pattern) => [...different([pattern]).keys()].some((name) => !judged.has(name)));
      expect(await objectionsTo(open)).toEqual([]);
      if (process.env['GOLDEN'] === 'write') writeFileSync(SAFE, `${names.join('\n')}\n`);
    },
  );

  it('is found', () => {
    expect(patterns.length).toBeGreaterThan(140);
    expect(new Set(patterns.map(({ file }) => file)).size).toBeGreaterThan(80);
  });

  it('has no argument that outlived it', () => {
    expect(idleArguments(patterns)).toEqual([]);
    const argument = { file: 'x.ts', pattern: '/gone/', because: 'it was there' };
    expect(idleArguments(patterns, [argument])).toEqual(['/gone/ is argued for, and does not stand in x.ts']);
  });
});

describe('patterns in a text', () => {
  it.each([
    ['const x = /a+/g;', ['/a+/g']],
    ["const x = new RegExp('a+', 'g');", ['/a+/g']],
    ['const x = RegExp(`a+`);', ['/a+/']],
    ["const x = new globalThis.RegExp('a+');", ['/a+/']],
    ['const x = new RegExp(`^${y}$`);', ['new RegExp(`^${y}$`)']],
    ["const x = new RegExp('a', flags);", ["new RegExp('a', flags)"]],
    ['@Is(/[/]\\//) class X { y = z.string().regex(/y/) }', ['/[/]\\//', '/y/']],
    ["const x = '/a+/g'; // not /b+/\nconst y = 4 / 2 / 1;", []],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

describe('the judge', () => {
  const fixed = (source: string): Pattern => ({ kind: 'fixed', source, flags: '', file: 'x.ts', line: 7 });

  it('calls what doubles with each character by its name', async () => {
    expect(await objectionsTo([fixed('^(a|a)*$')], [])).toEqual([expect.stringMatching(/^x\.ts:7 \S+ exponential/)]);
  });

  it('calls what is quadratic by its name, and hears arguments for one file only', async () => {
    const argument = { file: 'x.ts', pattern: '/-+$/', because: 'it is short' };
    expect(await objectionsTo([fixed('-+$')], [])).toEqual([expect.stringContaining('2nd degree polynomial')]);
    expect(await objectionsTo([fixed('-+$')], [argument])).toEqual([]);
    const elsewhere: Pattern = { ...fixed('-+$'), file: 'y.ts' };
    expect(await objectionsTo([fixed('-+$'), elsewhere], [argument])).toEqual([expect.stringMatching(/^y\.ts/)]);
  });

  it('does not guess what is put together where it runs', async () => {
    const made: Pattern = { kind: 'made', text: 'new RegExp(x)', file: 'x.ts', line: 1 };
    expect(await objectionsTo([made], [])).toEqual([expect.stringContaining('argued.ts')]);
  });
});
