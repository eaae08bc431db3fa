import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ByteRange, byteRange, contentRange } from '../../src/platform/http/byte-range.js';
import { runs } from '../support/runs.js';

const ETAG = '"sha256:00"';
const WHOLE: ByteRange = { kind: 'whole' };
const NONE: ByteRange = { kind: 'unsatisfiable' };
const part = (first: number, last: number): ByteRange => ({ kind: 'part', first, last });
const read = (range: string | string[] | undefined, size = 100, ifRange?: string) =>
  byteRange({ range, 'if-range': ifRange }, { size, etag: ETAG });

describe('a range of bytes (RFC 9110 section 14)', () => {
  test.each([
    ['bytes=0-99', part(0, 99)],
    ['bytes=0-0', part(0, 0)],
    ['bytes=10-19', part(10, 19)],
    ['bytes=100-', NONE],
    ['bytes=99-', part(99, 99)],
    ['bytes=0-', part(0, 99)],
    ['bytes=90-1000', part(90, 99)],
    ['bytes=-5', part(95, 99)],
    ['bytes=-100', part(0, 99)],
    ['bytes=-500', part(0, 99)],
    ['bytes=-0', NONE],
    ['bytes=100-200', NONE],
    [`bytes=${'9'.repeat(400)}-`, NONE],
    [`bytes=0-${'9'.repeat(400)}`, part(0, 99)],
    ['BYTES=0-1', part(0, 1)],
    [' bytes=0-1 ', part(0, 1)],
    ['bytes= 0-1 ', part(0, 1)],
    ['bytes=,0-1, ,', part(0, 1)],
    ['bytes=007-008', part(7, 8)],
  ])('%j', (range, expected) => expect(read(range)).toEqual(expected));

  test.each([
    undefined,
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=a-b',
    'bytes=1',
    'bytes=5-3',
    'bytes=0-1,5-6',
    'bytes=0-1, bytes=5-6',
    'bytes=--5',
    'bytes=1-2-3',
    'bytes=0x1-2',
    'bytes=1.5-2',
    'bytes=+1-2',
    'bytes=0 - 1',
    'bytes 0-1',
    'lines=0-1',
    'none',
  ])('%j is as if it were not there', (range) => expect(read(range)).toEqual(WHOLE));

  test('a header that came twice is as if it were not there', () =>
    expect(read(['bytes=0-1', 'bytes=2-3'])).toEqual(WHOLE));

  test('of nothing there is no part, and its end is all of it', () => {
    expect(read('bytes=0-', 0)).toEqual(NONE);
    expect(read('bytes=0-0', 0)).toEqual(NONE);
    expect(read('bytes=-5', 0)).toEqual(WHOLE);
  });
});

test('a part is what its two ends cut out, whatever they are', () => {
  const bytes = fc.uint8Array({ maxLength: 20 });
  fc.assert(
    fc.property(bytes, fc.nat(25), fc.option(fc.nat(25), { nil: undefined }), (all, first, last) => {
      const range = read(`bytes=${first}-${last ?? ''}`, all.length);
      const wanted = [...all].filter((_, at) => at >= first && at <= (last ?? Infinity));
      if (last !== undefined && last < first) expect(range).toEqual(WHOLE);
      else if (wanted.length === 0) expect(range).toEqual(NONE);
      else if (range.kind === 'part') expect([...all.subarray(range.first, range.last + 1)]).toEqual(wanted);
      else expect.fail(range.kind);
    }),
    runs(300),
  );
});

describe('If-Range', () => {
  test.each([
    [undefined, part(0, 1)],
    [ETAG, part(0, 1)],
    [` ${ETAG} `, part(0, 1)],
    [`W/${ETAG}`, WHOLE],
    ['"sha256:01"', WHOLE],
    ['sha256:00', WHOLE],
    ['*', WHOLE],
    ['', WHOLE],
    ['Fri, 02 Jan 2026 03:04:05 GMT', WHOLE],
  ])('%j', (ifRange, expected) => expect(read('bytes=0-1', 100, ifRange)).toEqual(expected));

  test('that does not hold makes an unsatisfiable range whole too', () =>
    expect(read('bytes=200-', 100, '"other"')).toEqual(WHOLE));

  test('never holds for a weak entity-tag', () =>
    expect(byteRange({ range: 'bytes=0-1', 'if-range': 'W/"a"' }, { size: 9, etag: 'W/"a"' })).toEqual(WHOLE));
});

test('Content-Range names what is sent, or how much there would be', () => {
  expect(contentRange({ kind: 'part', first: 95, last: 99 }, 100)).toBe('bytes 95-99/100');
  expect(contentRange({ kind: 'unsatisfiable' }, 100)).toBe('bytes */100');
});
