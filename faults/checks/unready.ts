import type { Check } from './check.js';

/** Unready: when nothing is broken any more, everything works again, by itself. */
export const unready: Check = {
  name: 'unready',
  holds: 'once all is healed both servers are ready and publish, by themselves',
  judge: (_history, { unready: said }) => [...said],
};
