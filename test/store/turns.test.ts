import { expect, test } from 'vitest';
import { Turns } from '../../src/store/turns.js';

interface Job {
  readonly name: string;
  readonly end: () => void;
  readonly done: Promise<unknown>;
}

/** Jobs that end when they are told to, and what has begun. */
function jobs(turns: Turns) {
  const begun: string[] = [];
  const start = (name: string, key = 'key'): Job => {
    let end = () => undefined as void;
    const work = async () => {
      begun.push(name);
      await new Promise<void>((resolve) => (end = resolve));
      return name;
    };
    return { name, done: turns.take(key, work), end: () => end() };
  };
  return { begun, start };
}

test('two go on at a time, the others in the order of asking, and another key does not wait', async () => {
  const { begun, start } = jobs(new Turns(2));
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => start(name));
  const other = start('other', 'another key');
  expect(begun).toEqual(['a', 'b', 'other']);
  b!.end();
  expect(await b!.done).toBe('b');
  expect(begun).toEqual(['a', 'b', 'other', 'c']);
  for (const job of [a, c, other]) job!.end();
  await Promise.all([a!.done, c!.done, other.done]);
  expect(begun).toEqual(['a', 'b', 'other', 'c', 'd']);
  d!.end();
  await d!.done;
});

test('a failure passes the turn on', async () => {
  const turns = new Turns(1);
  const failed = turns.take('key', () => Promise.reject(new Error('no')));
  const next = turns.take('key', () => Promise.resolve('next'));
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('next');
});

test('whose turn does not come in time is refused, never begins, and holds nobody up', async () => {
  const { begun, start } = jobs(new Turns(1, 20));
  const first = start('first');
  const late = start('late');
  await expect(late.done).rejects.toMatchObject({ code: 'unavailable' });
  const after = start('after');
  first.end();
  await first.done;
  after.end();
  expect(await after.done).toBe('after');
  expect(begun).toEqual(['first', 'after']);
});
