import type { Mutant } from './mutant.js';

const MODULE = 'store/unit-of-work.js';

export const replyBeforeCommit: Mutant = {
  name: 'reply-before-commit',
  breaks: 'a write is answered when its work is done, before its transaction is committed',
  edits: [
    { module: MODULE, find: 'return await this.retrying(()=>', put: 'return await this.early(writer, ()=>' },
    {
      module: MODULE,
      find: 'if (writer.dryRun) throw new RolledBack(result);',
      put: 'if (writer.dryRun) throw new RolledBack(result); writer.answer(result);',
    },
    {
      module: MODULE,
      find: 'async retrying(attempt) {',
      put: `early(writer, attempt) {
        return new Promise((resolve, reject)=>{
            writer.answer = resolve;
            this.retrying(attempt).then(resolve, reject);
        });
    }
    async retrying(attempt) {`,
    },
  ],
  delayMs: 15,
  faults: ['cut', 'database-kill-busy'],
  foundBy: ['lost', 'stale'],
};
