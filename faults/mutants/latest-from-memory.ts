import type { Mutant } from './mutant.js';

const READ = 'this.latestReads.read(environment, ()=>this.database.lastKnown.read(`latest ${environment}`, read))';

export const latestFromMemory: Mutant = {
  name: 'latest-from-memory',
  breaks: 'which version is the latest is remembered for half a minute',
  edits: [
    {
      module: 'store/bundle.cache.js',
      find: `return ${READ};`,
      put: `const known = (this.remembered ??= new Map()).get(environment);
        if (known !== undefined && known.until > Date.now()) return known.answer;
        const answer = ${READ};
        this.remembered.set(environment, { until: Date.now() + 30_000, answer });
        return answer;`,
    },
  ],
  faults: ['cut'],
  foundBy: ['stale'],
};
