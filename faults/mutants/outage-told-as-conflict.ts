import type { Mutant } from './mutant.js';

export const outageToldAsConflict: Mutant = {
  name: 'outage-told-as-conflict',
  breaks: 'a client is told that its request is wrong where the database is away',
  edits: [{ module: 'platform/http/problem.js', find: 'unavailable: 503', put: 'unavailable: 409' }],
  faults: ['database-kill-busy'],
  foundBy: ['odd'],
};
