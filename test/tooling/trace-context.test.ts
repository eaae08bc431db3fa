import { describe, expect, it } from 'vitest';
import { readTraceState, stepOf, traceOf } from '../../src/seeing/trace.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const GOOD = `00-${TRACE}-00f067aa0ba902b7-01`;

describe('a traceparent', () => {
  it.each([
    ['version 0', GOOD],
    ['a later version', `01-${TRACE}-00f067aa0ba902b7-01`],
    ['a later version with more behind', `cc-${TRACE}-00f067aa0ba902b7-01-what-the-future-will-be-like`],
  ])('is taken: %s', (_, traceparent) => {
    const trace = traceOf({ traceparent });
    expect(trace.id).toBe(TRACE);
    expect(trace.headers.traceparent).toMatch(new RegExp(`^00-${TRACE}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
  });

  it.each([
    ['nothing', ''],
    ['a trace of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['upper case', GOOD.toUpperCase()],
    ['version 0 with more behind', `${GOOD}-00`],
    ['the version that there is not', `ff-${TRACE}-00f067aa0ba902b7-01`],
    ['a later version with more behind, and no dash', `01-${TRACE}-00f067aa0ba902b7-011`],
    ['no flags', `00-${TRACE}-00f067aa0ba902b7`],
    ['two of them', `${GOOD}, ${GOOD}`],
  ])('is replaced: %s', (_, traceparent) => {
    const trace = traceOf({ traceparent, tracestate: 'vendor=1' });
    expect(trace.id).toMatch(/^[0-9a-f]{32}$/);
    expect(trace.id).not.toBe(TRACE);
    expect(trace.headers).toEqual({ traceparent: `00-${trace.id}-${trace.spanId}-00` });
  });

  it('has one span in a process, however often it is asked for, and another one in the next', () => {
    const trace = traceOf({ traceparent: GOOD, tracestate: 'vendor=1' });
    expect(trace.headers).toEqual(trace.headers);
    const next = stepOf(trace.headers);
    expect(next.traceparent.slice(0, 36)).toBe(trace.headers.traceparent.slice(0, 36));
    expect(next.traceparent).not.toBe(trace.headers.traceparent);
    expect(next.tracestate).toBe('vendor=1');
  });
});

describe('a tracestate', () => {
  it('is passed on as it is, without what need not be there', () => {
    expect(readTraceState('rojo=00f067aa0ba902b7, congo=t61rcWkgMzE,,tenant@vendor=a b')).toBe(
      'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE,tenant@vendor=a b',
    );
  });

  it.each(['', 'nonsense', 'Upper=1', 'a=1=2', `a=${'x'.repeat(512)}`, Array(33).fill('a=1').join(), 'a=b\u00e9'])(
    'is left out where it is none: %j',
    (header) => {
      expect(readTraceState(header)).toBeUndefined();
    },
  );
});
