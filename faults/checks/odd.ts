import type { Check } from './check.js';

/** Odd: what is broken behind a server is its trouble, and not told to clients as theirs. */
export const odd: Check = {
  name: 'odd',
  holds: 'a right request is answered, or with 5xx, or not at all; never refused as a wrong one',
  judge: ({ odd: replies }) => [...new Set(replies.map(({ what, text }) => `${what}: ${text}`))],
};
