import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mergePatch } from '../../../src/schema/merge-patch.js';

/** The examples of RFC 7396, appendix A. */
const RFC: [original: unknown, patch: unknown, result: unknown][] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

describe('a merge patch', () => {
  it.each(RFC)('%j with %j is %j, as RFC 7396 has it', (original, patch, result) => {
    expect(mergePatch(original, patch)).toEqual(result);
  });

  it('keeps null where the schema takes it as a value, at any depth, and nowhere else', () => {
    const inner = z.strictObject({ off: z.string().nullable().default('on'), name: z.string().optional() });
    const schema = z.strictObject({
      inner: inner.nullable().default({ off: 'on' }),
      labels: z.record(z.string(), z.string()),
    });
    const target = { inner: { off: 'on', name: 'n' }, labels: { a: '1', b: '2' } };
    expect(mergePatch(target, { inner: { off: null, name: null } }, schema)).toEqual({
      ...target,
      inner: { off: null },
    });
    expect(mergePatch(target, { inner: null, labels: { a: null } }, schema)).toEqual({
      inner: null,
      labels: { b: '2' },
    });
    expect(mergePatch(target, { labels: null, unknown: null, toString: null }, schema)).toEqual({
      inner: target.inner,
    });
  });
});
