import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overlaps } from '../../../src/domain/evaluate/intervals.js';
import {
  blockHolds,
  cutRanges,
  formatRange,
  rangeOfAddress,
  rangesInBlock,
} from '../../../src/domain/evaluate/ranges.js';
import { runs } from '../../support/runs.js';

const octet = fc.constantFrom(0, 1, 10, 127, 128, 255);
const v4 = fc
  .tuple(octet, octet, fc.constantFrom(0, 1, 8, 9, 16, 24, 31, 32))
  .map(([a, b, prefix]) => `${a}.${b}.0.0/${prefix}`);
const v6 = fc
  .tuple(fc.constantFrom('::', 'fd00::', 'ffff:ffff::', '2001:db8::'), fc.constantFrom(0, 1, 8, 64, 127, 128))
  .map(([a, prefix]) => `${a}/${prefix}`);
const cidr = fc.oneof(v4, v6);
const block = fc.record({ cidr, except: fc.array(cidr, { maxLength: 2 }) });

describe('ranges outside the cluster', () => {
  test('without blocks there is one a family', () => {
    expect(cutRanges([], ['IPv4', 'IPv6']).map(formatRange)).toEqual([
      '0.0.0.0-255.255.255.255[External]',
      '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff[External]',
    ]);
  });

  test('blocks and their excepts cut', () => {
    expect(cutRanges([{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }], ['IPv4']).map(formatRange)).toEqual([
      '0.0.0.0-9.255.255.255[External]',
      '10.0.0.0-10.0.255.255[External]',
      '10.1.0.0-10.1.255.255[External]',
      '10.2.0.0-10.255.255.255[External]',
      '11.0.0.0-255.255.255.255[External]',
    ]);
  });

  test('a border that no block has leaves no cut', () => {
    const except = ['10.0.0.0/9', '10.0.1.0/24', '10.128.0.0/9'];
    expect(cutRanges([{ cidr: '10.0.0.0/8', except }], ['IPv4'])).toHaveLength(1);
    expect(cutRanges([{ cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '10.1.0.0/16'] }], ['IPv4'])).toHaveLength(3);
  });

  test('they leave no gap, and a block holds a range wholly or not at all', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 5 }), (blocks) => {
        const ranges = cutRanges(blocks, ['IPv4', 'IPv6']);
        for (const [i, range] of ranges.entries()) {
          const next = ranges[i + 1];
          if (next?.family === range.family) expect(next.first).toBe(range.last + 1n);
          expect(rangeOfAddress(ranges, range.family, range.first)).toBe(i);
          expect(rangeOfAddress(ranges, range.family, range.last)).toBe(i);
          for (const one of blocks) {
            const inside = overlaps(rangesInBlock(ranges, one), i, i);
            expect(blockHolds(one, range.family, range.first)).toBe(inside);
            expect(blockHolds(one, range.family, range.last)).toBe(inside);
          }
        }
      }),
      runs(200),
    );
  });
});
