import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Wheel } from '../../src/platform/wheel.js';

describe('the wheel', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('does each thing once, about when it is due, in the order of time', () => {
    const wheel = new Wheel();
    const done: [number, number][] = [];
    const began = performance.now();
    for (const ms of [5_000, 60_000, 1, 250, 1_000, 90_000])
      wheel.after(ms, () => done.push([ms, performance.now() - began]));
    vi.advanceTimersByTime(200_000);
    expect(done.map(([ms]) => ms)).toEqual([1, 250, 1_000, 5_000, 60_000, 90_000]);
    for (const [ms, after] of done) expect(Math.abs(after - ms)).toBeLessThanOrEqual(200);
  });

  it('has one timer for all, and none where nothing is to be done', () => {
    const wheel = new Wheel();
    expect(vi.getTimerCount()).toBe(0);
    const lets = Array.from({ length: 1_000 }, () => wheel.after(1_000, () => undefined));
    expect(vi.getTimerCount()).toBe(1);
    for (const letGo of lets.slice(1)) letGo();
    for (const letGo of lets.slice(1)) letGo();
    expect(vi.getTimerCount()).toBe(1);
    lets[0]?.();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('forgets what is let go, also by what is done before it', () => {
    const wheel = new Wheel();
    const done: string[] = [];
    wheel.after(100, () => {
      done.push('first');
      second();
    });
    const second = wheel.after(100, () => done.push('second'));
    vi.advanceTimersByTime(1_000);
    expect(done).toEqual(['first']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes on with what is asked for while it turns, and after a pause', () => {
    const wheel = new Wheel();
    const done: number[] = [];
    const again = (n: number) => wheel.after(1_000, () => done.push(n) < 5 && again(n + 1));
    again(1);
    vi.advanceTimersByTime(20_000);
    expect(done).toEqual([1, 2, 3, 4, 5]);
    vi.advanceTimersByTime(1_000_000);
    wheel.after(1_000, () => done.push(6));
    vi.advanceTimersByTime(800);
    expect(done).toHaveLength(5);
    vi.advanceTimersByTime(400);
    expect(done).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
