import type { Mutant } from './mutant.js';

export const keyOutside: Mutant = {
  name: 'key-outside',
  breaks: 'an Idempotency-Key is stored outside the transaction that it guards',
  edits: [
    {
      module: 'store/unit-of-work.js',
      find: 'await storeKey(db, id, fingerprint, result);',
      put: 'await storeKey(this.database.prisma, id, fingerprint, result);',
    },
  ],
  delayMs: 15,
  faults: ['cut', 'database-kill-busy'],
  foundBy: ['lost', 'twice'],
};
