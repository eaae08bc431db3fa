import type { Mutant } from './mutant.js';

export const keyForgotten: Mutant = {
  name: 'key-forgotten',
  breaks: 'an Idempotency-Key is forgotten with the next write',
  edits: [{ module: 'store/unit-of-work.js', find: `interval '48 hours'`, put: `interval '0 hours'` }],
  faults: ['cut'],
  foundBy: ['twice'],
};
