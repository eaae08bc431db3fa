import { describe, expect, it } from 'vitest';
import { readWait } from '../../src/platform/http/prefer.js';

describe('the preference wait', () => {
  it.each<[string | string[] | undefined, number | undefined]>([
    ['wait=30', 30],
    ['Wait = 30', 30],
    ['wait="30"', 30],
    ['wait=0', 0],
    ['wait=60', 60],
    ['wait=61', 60],
    ['wait=99999999999999999999999', 60],
    ['respond-async, wait=10', 10],
    ['foo="a, wait=5", wait=7', 7],
    ['foo="\\", wait=5", wait=7', 7],
    ['modes=snapshot,delta;wait=10, wait=5', 5],
    ['wait=10; foo="bar"', 10],
    ['wait=10, wait=20', 10],
    [['wait=3', 'wait=4'], 3],
    ['return=minimal', undefined],
    ['', undefined],
    [undefined, undefined],
    // malformed: as if it were not there
    ['wait', undefined],
    ['wait=', undefined],
    ['wait=soon', undefined],
    ['wait=-1', undefined],
    ['wait=1.5', undefined],
    ['wait=1e3', undefined],
    ['wait=0x10', undefined],
    ['wait=10 20', undefined],
    ['wait=soon, wait=10', undefined],
    ['await=10', undefined],
    ['wait="10', undefined],
  ])('of %j is %j', (header, seconds) => {
    expect(readWait(header)).toBe(seconds);
  });

  it('is read in one go, however long the header is', () => {
    for (const piece of ['"', '\\"', 'a="', 'wait=;', ', ', '\\', ' ', 'wait= ']) readWait(piece.repeat(1_000_000));
  });
});
