import { setImmediate } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
import { expect, it } from 'vitest';
import { giveBackMemory } from '../../src/bootstrap/give-back-memory.js';

/** What a start leaves behind: something large that nobody holds, and a nursery that grew while much was made that lasted a while. */
function leaveBehind(): WeakRef<object> {
  const held: object[] = [];
  for (let i = 0; i < 500_000; i++) held.push({ i, text: String(i) });
  return new WeakRef(held);
}

const nursery = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? NaN;

it('collects what nobody holds, and shrinks the nursery', async () => {
  const left = leaveBehind();
  await setImmediate(); // a reference that was just made is held until here
  const before = nursery();
  await giveBackMemory();
  expect(left.deref()).toBeUndefined();
  expect(nursery()).toBeLessThan(before / 2);
});
