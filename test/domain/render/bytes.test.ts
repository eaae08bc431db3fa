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
  test('gives the UTF-8 of the texts and bytes added since the last take, however much that is', () => {
    const check = (rounds: string[][]): void => {
      const bytes = byteBuffer();
      for (const round of rounds) {
        for (const [index, text] of round.entries())
          if (index % 3 === 2) bytes.add(Buffer.from(text));
          else bytes.put(text);
        const expected = Buffer.from(round.join(''));
        expect(bytes.length()).toBe(expected.length);
        expect(Buffer.from(bytes.take()).equals(expected)).toBe(true);
      }
    };
    fc.assert(fc.property(fc.array(texts, { maxLength: 3 }), check), runs(17, 'costly'));
  });

  test('does not write into what was taken', () => {
    const bytes = byteBuffer();
    bytes.put('first');
    const first = bytes.take();
    bytes.put('other');
    expect(Buffer.from(first).toString()).toBe('first');
  });
});
