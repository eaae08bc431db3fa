import { crc32, gunzipSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digest } from '../../../src/domain/render/digest.js';
import { fragmentOf, gzipOf, LAST_BLOCK } from '../../../src/domain/render/fragment.js';
import { runs } from '../../support/runs.js';

/** Nothing in it comes twice. */
const LONG = Array.from({ length: 200 }, (_, at) => (at * 7919).toString(36)).join(' ');

const pieces = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string().map((text) => Buffer.from(text.repeat(50))),
  ),
);

describe('fragments', () => {
  test('one behind the other, in any choice and order, are one gzip member of the pieces', () => {
    const check = (all: Uint8Array[]): void => {
      const content = Buffer.concat(all);
      const deflated = Buffer.concat(all.map((piece) => fragmentOf(piece).deflated));
      const member = gzipOf(deflated, { length: content.length, crc32: crc32(content) });
      expect(gunzipSync(member).equals(content)).toBe(true);
      expect(inflateRawSync(Buffer.concat([deflated, LAST_BLOCK])).equals(content)).toBe(true);
    };
    fc.assert(fc.property(pieces, check), runs(100));
  });

  test('that refer to the piece before them are one gzip member of the pieces in their order, and smaller where those are alike', () => {
    const check = (all: Uint8Array[]): void => {
      const content = Buffer.concat(all);
      const deflated = Buffer.concat(all.map((piece, at) => fragmentOf(piece, all[at - 1]).deflated));
      const member = gzipOf(deflated, { length: content.length, crc32: crc32(content) });
      expect(gunzipSync(member).equals(content)).toBe(true);
    };
    fc.assert(fc.property(pieces, check), runs(100));
    const [one, other] = [Buffer.from(LONG), Buffer.from(`${LONG} twice`)];
    expect(fragmentOf(other, one).deflated.length).toBeLessThan(fragmentOf(other).deflated.length / 2);
  });

  test('have the same name as long as they are the same piece behind the same piece', () => {
    const [one, other] = [Buffer.from('one'), Buffer.from('other')];
    const names = [
      fragmentOf(one),
      fragmentOf(other),
      fragmentOf(one, other),
      fragmentOf(other, one),
      fragmentOf(one, one),
    ];
    expect(new Set(names.map((fragment) => fragment.digest)).size).toBe(names.length);
    expect(fragmentOf(one, other).digest).toBe(fragmentOf(Buffer.from('one'), Buffer.from('other')).digest);
    expect(fragmentOf(one).digest).toBe(digest(one));
  });

  test('the member has no time, no name and no system in its head, and no second member behind it', () => {
    const member = Buffer.from(gzipOf(fragmentOf(Buffer.from('text')).deflated, { length: 4, crc32: crc32('text') }));
    expect(member.subarray(0, 10).toString('hex')).toBe('1f8b08000000000002ff');
    expect(member.subarray(-8).toString('hex')).toBe(`${littleEndian(crc32('text'))}04000000`);
    expect(() => gunzipSync(member.subarray(0, -1))).toThrow('unexpected end of file');
  });

  test('a wrong length or checksum is noticed by who unpacks it', () => {
    const { deflated } = fragmentOf(Buffer.from('text'));
    expect(() => gunzipSync(gzipOf(deflated, { length: 5, crc32: crc32('text') }))).toThrow('incorrect length check');
    expect(() => gunzipSync(gzipOf(deflated, { length: 4, crc32: 1 }))).toThrow('incorrect data check');
  });
});

function littleEndian(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString('hex');
}
