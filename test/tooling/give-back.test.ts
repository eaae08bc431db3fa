import { setImmediate } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { expect, test } from 'vitest';
import { giveBackSoon } from '../../src/work/give-back.js';

const MIB = 1024 * 1024;

/** In MiB, with the bytes outside of the heap. */
function held(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return (used_heap_size + external_memory) / MIB;
}

async function givenBack(): Promise<number> {
  giveBackSoon();
  await setImmediate();
  await setImmediate();
  return held();
}

test('a thread lets go of what a job left behind, once the job is over', async () => {
  const kept = await givenBack();
  for (let body = 0; body < 30; body++) expect(Buffer.alloc(5 * MIB, 'x').toString('latin1')).toHaveLength(5 * MIB);
  // Some of what is let go is freed in the background.
  expect(await givenBack()).toBeLessThan(kept + 50);
});
