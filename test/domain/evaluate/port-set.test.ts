import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  intersectIntervals,
  intervalsOf,
  overlaps,
  pairsOf,
  shareNumbers,
  subtractIntervals,
  unionIntervals,
} from '../../../src/domain/evaluate/intervals.js';
import { parsePortQuestion } from '../../../src/domain/evaluate/port-question.js';
import {
  ALL_PORTS,
  everyPortOf,
  formatPortSet,
  NO_PORTS,
  portSetOf,
  subtractPorts,
} from '../../../src/domain/evaluate/port-set.js';
import { runs } from '../../support/runs.js';

const pairs = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 6 }))
    .map(([first, length]): [number, number] => [first, first + length]),
  { maxLength: 5 },
);
const numbers = (intervals: readonly number[]) =>
  new Set(pairsOf(intervals).flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i)));

describe('intervals', () => {
  test('are the sets of their numbers', () => {
    fc.assert(
      fc.property(pairs, pairs, (left, right) => {
        const [a, b] = [intervalsOf(left), intervalsOf(right)];
        const [x, y] = [numbers(a), numbers(b)];
        expect(x).toEqual(new Set(left.flatMap((pair) => [...numbers(pair)])));
        expect(numbers(unionIntervals(a, b))).toEqual(new Set([...x, ...y]));
        expect(numbers(intersectIntervals(a, b))).toEqual(new Set([...x].filter((one) => y.has(one))));
        expect(numbers(subtractIntervals(a, b))).toEqual(new Set([...x].filter((one) => !y.has(one))));
        expect(shareNumbers(a, b)).toBe([...x].some((one) => y.has(one)));
        for (let one = 0; one < 40; one++) expect(overlaps(a, one, one)).toBe(x.has(one));
      }),
      runs(300),
    );
  });

  test('are one text a set: sorted, apart, not touching', () => {
    fc.assert(
      fc.property(pairs, pairs, (left, right) => {
        const union = unionIntervals(intervalsOf(left), intervalsOf(right));
        expect(union).toEqual(intervalsOf([...right, ...left]));
        for (let i = 2; i < union.length; i += 2) expect(union[i]).toBeGreaterThan((union[i - 1] ?? 0) + 1);
      }),
      runs(200),
    );
  });
});

describe('port sets', () => {
  test('are written as the answers have them', () => {
    const web = portSetOf([
      { protocol: 'UDP', port: 53 },
      { protocol: 'TCP', port: 443, endPort: 445 },
      { protocol: 'TCP', port: 80 },
    ]);
    expect(formatPortSet(web)).toBe('TCP 80,443-445,UDP 53');
    expect(formatPortSet(ALL_PORTS)).toBe('All Connections');
    expect(formatPortSet(NO_PORTS)).toBe('No Connections');
    expect(formatPortSet(everyPortOf('SCTP'))).toBe('SCTP 1-65535');
    expect(formatPortSet(subtractPorts(ALL_PORTS, web))).toBe(
      'SCTP 1-65535,TCP 1-79,81-442,446-65535,UDP 1-52,54-65535',
    );
  });

  test('a question about one port', () => {
    expect(parsePortQuestion('TCP/80')).toEqual({ protocol: 'TCP', port: 80 });
    expect(parsePortQuestion('udp 53')).toEqual({ protocol: 'UDP', port: 53 });
    expect(parsePortQuestion('80')).toEqual({ protocol: 'TCP', port: 80 });
    for (const text of ['', 'TCP', 'ICMP/1', 'TCP/0', 'TCP/65536', 'TCP/80-90', '80/TCP'])
      expect(() => parsePortQuestion(text)).toThrow('is not a port');
  });
});
