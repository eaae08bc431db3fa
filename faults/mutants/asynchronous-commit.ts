import type { Mutant } from './mutant.js';

export const asynchronousCommit: Mutant = {
  name: 'asynchronous-commit',
  breaks: 'a commit is answered before it is on disk (synchronous_commit = off)',
  edits: [
    {
      module: 'store/database.js',
      find: `application_name: 'sluice'`,
      put: `application_name: 'sluice', options: '-c synchronous_commit=off'`,
    },
  ],
  faults: ['database-kill-busy', 'promotion'],
  foundBy: ['lost', 'phantom'],
};
