import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byteBuffer } from '../../../src/domain/render/bytes.js';
import { runs } from '../../support/runs.js';

const texts = fc.array(
  fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc
      .tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(2))
      .map(([text, tens]) => text.repeat(10 ** (tens + 3))),
  ),
);

describe('a byte buffer', () => {
  test('gives the UTF-8 of what was put since the last take, however much that is', () => {
    const check = (rounds: string[][]): void => {
      const bytes = byteBuffer();
      for (const round of rounds) {
        const lengths = round.map((text) => bytes.put(text));
        expect(lengths).toEqual(round.map((text) => Buffer.byteLength(text)));
        expect(Buffer.from(bytes.take()).equals(Buffer.from(round.join('')))).toBe(true);
      }
    };
    fc.assert(fc.property(fc.array(texts, { maxLength: 3 }), check), runs(50));
  });

  test('does not write into what was taken', () => {
    const bytes = byteBuffer();
    bytes.put('first');
    const first = bytes.take();
    bytes.put('other');
    expect(Buffer.from(first).toString()).toBe('first');
  });
});
