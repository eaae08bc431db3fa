import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteBuffer } from '../../../src/domain/render/bytes.js';
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
  test('gives the UTF-8 of the texts added since the last take, however much that is', () => {
    const check = (rounds: string[][]): void => {
      const bytes = new ByteBuffer();
      for (const round of rounds) {
        for (const [index, text] of round.entries())
          if (index % 2 === 1 && /^[ -~]*$/.test(text)) bytes.ascii(text);
          else bytes.put(text);
        const expected = Buffer.from(round.join(''));
        expect(bytes.length).toBe(expected.length);
        expect(Buffer.from(bytes.take()).equals(expected)).toBe(true);
      }
    };
    fc.assert(fc.property(fc.array(texts, { maxLength: 3 }), check), runs(17, 'costly'));
  });

  test('does not write into what was taken', () => {
    const bytes = new ByteBuffer();
    bytes.put('first');
    const first = bytes.take();
    bytes.put('other');
    expect(Buffer.from(first).toString()).toBe('first');
  });

  test('takes a text of some letters only where it is of them alone, and else is as it was', () => {
    const digits = Uint8Array.from({ length: 128 }, (_, unit) => Number(unit >= 0x30 && unit <= 0x39));
    const check = (before: string, text: string): void => {
      const bytes = new ByteBuffer();
      bytes.put(before);
      const taken = bytes.asciiOf(digits, text);
      expect(taken).toBe(/^[0-9]*$/.test(text));
      expect(Buffer.from(bytes.take()).toString()).toBe(taken ? before + text : before);
    };
    fc.assert(
      fc.property(fc.string(), fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[0-9]*$/)), check),
      runs(100),
    );
  });

  test('adds again what it kept, and takes back what was added since', () => {
    const bytes = new ByteBuffer();
    bytes.ascii('one');
    bytes.ascii(', two');
    const two = bytes.keep(3);
    bytes.cut(3);
    bytes.ascii('!');
    bytes.again(two);
    expect(Buffer.from(bytes.take()).toString()).toBe('one!, two');
  });

  test('keeps what it kept, however much comes between', () => {
    const check = (kept: string[], between: number[]): void => {
      const bytes = new ByteBuffer();
      const numbers = kept.map((text, index) => {
        const before = bytes.length;
        bytes.put(text);
        const number = bytes.keep(before);
        bytes.put('x'.repeat(10 ** (between[index] ?? 0)));
        if (index % 3 === 2) bytes.take();
        return number;
      });
      bytes.take();
      for (const number of numbers) bytes.again(number);
      expect(Buffer.from(bytes.take()).toString()).toBe(kept.join(''));
    };
    const text = fc.string({ unit: 'grapheme', size: 'medium' }).map((one) => one.toWellFormed());
    fc.assert(fc.property(fc.array(text), fc.array(fc.nat(7)), check), runs(10, 'costly'));
  });
});
