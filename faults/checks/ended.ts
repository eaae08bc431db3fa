import type { Check } from './check.js';

/** Ended: processes that nobody killed are still the same processes. */
export const ended: Check = {
  name: 'ended',
  holds: 'no server process ended that nobody told to',
  judge: ({ ends }) => [...ends],
};
