import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

/** Of two entries of the queue of process.nextTick, one made before many collections and one after: are they of one kind to V8? */
const PROGRAM = `
  const { entryOfNextTick: [held] } = await import(process.argv[1]);
  for (let n = 0; n < 8; n++) { await new Promise(setImmediate); gc(); }
  const { createHook } = await import('node:async_hooks');
  let later;
  const hook = createHook({ init(id, type, trigger, resource) { if (type === 'TickObject') later = resource; } }).enable();
  process.nextTick(() => undefined);
  hook.disable();
  console.log(held !== later && %HaveSameMap(held, later));`;

it('an entry of the queue looks the same after collections', () => {
  const module = pathToFileURL('dist/bootstrap/next-tick.js').href;
  const words = ['--allow-natives-syntax', '--expose-gc', '--input-type=module', '--eval', PROGRAM, module];
  expect(execFileSync(process.execPath, words, { encoding: 'utf8' })).toBe('true\n');
});
