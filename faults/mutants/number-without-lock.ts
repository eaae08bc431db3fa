import type { Mutant } from './mutant.js';

export const numberWithoutLock: Mutant = {
  name: 'number-without-lock',
  breaks: 'a version gets its number from the memory of a process, without the lock of its environment',
  edits: [
    { module: 'store/bundle.store.js', find: ' FOR NO KEY UPDATE`', put: '`' },
    {
      module: 'features/bundle/publish.service.js',
      find: 'version: version + 1,',
      put: 'version: ((globalThis.numbers ??= {})[environment] = Math.max(globalThis.numbers[environment] ?? 0, version) + 1),',
    },
  ],
  delayMs: 15,
  faults: ['cut', 'database-kill-busy'],
  foundBy: ['gap'],
};
