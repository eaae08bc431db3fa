import { expect, test } from 'vitest';
import { LastKnown } from '../../src/store/last-known.js';

const away = () => Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
const value = (what: unknown) => () => Promise.resolve(what);

/** With a clock that is moved by hand. */
function lastKnown(graceMs = 10_000) {
  const clock = { now: 0 };
  return { clock, last: new LastKnown({ graceMs, now: () => clock.now }) };
}

test('what was read last stands in while the database does not answer, and is not used while it does', async () => {
  const { clock, last } = lastKnown();
  expect(await last.read('a', value(1))).toBe(1);
  clock.now = 100;
  expect(await last.read('a', value(2))).toBe(2);
  expect(last.usedAt).toBe(-Infinity);
  clock.now = 3_000;
  expect(await last.read('a', away)).toBe(2);
  expect(last).toMatchObject({ usedAt: 3_000, answeredAt: 100 });
});

test('what was never read, or is too old, fails as the database does', async () => {
  const { clock, last } = lastKnown();
  await expect(last.read('b', away)).rejects.toThrow('connect');
  await last.read('a', value(1));
  clock.now = 10_000;
  await expect(last.read('a', away)).rejects.toThrow('connect');
});

test('what is no failure of the database is thrown, whatever is known', async () => {
  const { last } = lastKnown();
  await last.read('a', value(1));
  await expect(last.read('a', () => Promise.reject(new Error('a mistake')))).rejects.toThrow('a mistake');
});

test('for a second after a failure what is known is not asked for, and then it is', async () => {
  const { clock, last } = lastKnown();
  await last.read('a', value(1));
  await last.read('a', away);
  let asked = 0;
  const count = () => Promise.resolve(++asked + 1);
  clock.now = 999;
  expect(await last.read('a', count)).toBe(1);
  expect(asked).toBe(0);
  clock.now = 1_000;
  expect(await last.read('a', count)).toBe(2);
});

test('with no grace nothing is kept', async () => {
  const { last } = lastKnown(0);
  await last.read('a', value(1));
  await expect(last.read('a', away)).rejects.toThrow('connect');
});

test('what is too old, or of too many, is let go', async () => {
  const { clock, last } = lastKnown();
  const size = () => (last as unknown as { known: Map<string, unknown> }).known.size;
  for (let n = 0; n < 2_500; n++) await last.read(`k${n}`, value(n));
  expect(size()).toBe(2_000);
  clock.now = 10_000;
  await last.read('new', value(1));
  expect(size()).toBe(1);
});

test('what is forgotten does not stand in, and what begins otherwise does', async () => {
  const { last } = lastKnown();
  await last.read('bundle dev/1', value(1));
  await last.read('latest dev', value(1));
  last.forget('bundle ');
  await expect(last.read('bundle dev/1', away)).rejects.toThrow('connect');
  expect(await last.read('latest dev', away)).toBe(1);
});
