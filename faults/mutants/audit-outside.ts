import type { Mutant } from './mutant.js';

export const auditOutside: Mutant = {
  name: 'audit-outside',
  breaks: 'who changed what and why is written outside the transaction of the change, a moment later',
  edits: [
    {
      module: 'store/unit-of-work.js',
      find: 'await logChange(db, writer, stamp, change);',
      put: 'setTimeout(()=>void logChange(this.database.prisma, writer, stamp, change).catch(()=>undefined), 100);',
    },
  ],
  faults: ['database-kill-busy', 'server-kill'],
  foundBy: ['unsigned'],
};
