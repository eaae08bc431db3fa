import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FreshReads } from '../../src/store/fresh-reads.js';

/** A thing that changes, and reads of it that end when they are told to: what is read is what stands when the read begins. */
class Changing {
  value = 0;
  begun = 0;
  end: (() => void) | undefined;

  readonly read = (): Promise<number> => {
    this.begun++;
    const { value } = this;
    return new Promise((resolve) => (this.end = () => resolve(value)));
  };
}

/** Until a read that could begin has begun. */
const turn = async () => {
  for (let n = 0; n < 3; n++) await setImmediate();
};

describe('fresh reads', () => {
  it('one for all that ask before it begins', async () => {
    const [reads, thing] = [new FreshReads<number>(), new Changing()];
    const answers = Promise.all(Array.from({ length: 5 }, () => reads.read('a', thing.read)));
    await turn();
    thing.end?.();
    expect(await answers).toEqual([0, 0, 0, 0, 0]);
    expect(thing.begun).toBe(1);
  });

  it('whoever asks while one is under way has the next, which begins after it: nobody has what was read before the question', async () => {
    const [reads, thing] = [new FreshReads<number>(), new Changing()];
    const first = reads.read('a', thing.read);
    await turn();
    thing.value = 1;
    const later = [reads.read('a', thing.read), reads.read('a', thing.read)];
    await turn();
    expect(thing.begun).toBe(1);
    thing.end?.();
    expect(await first).toBe(0);
    await turn();
    thing.end?.();
    expect(await Promise.all(later)).toEqual([1, 1]);
    expect(thing.begun).toBe(2);
  });

  it('one that fails fails for those who wait for it, and for nobody after', async () => {
    const reads = new FreshReads<number>();
    const failing = () => Promise.reject(new Error('away'));
    await expect(Promise.all([reads.read('a', failing), reads.read('a', failing)])).rejects.toThrow('away');
    expect(await reads.read('a', () => Promise.resolve(1))).toBe(1);
  });

  it('of two things at once', async () => {
    const [reads, one] = [new FreshReads<number>(), new Changing()];
    const standing = reads.read('a', one.read);
    expect(await reads.read('b', () => Promise.resolve(2))).toBe(2);
    one.end?.();
    expect(await standing).toBe(0);
  });
});
