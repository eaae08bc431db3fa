import type { Mutant } from './mutant.js';

const READ = 'this.bundles.latestVersion(this.units.sql(this.units.reader), environment)';

export const latestFromMemory: Mutant = {
  name: 'latest-from-memory',
  breaks: 'which version is the latest is remembered for three seconds',
  edits: [
    {
      module: 'features/bundle/edition.loader.js',
      find: READ,
      put: `((this.known ??= new Map()).get(environment)?.until > Date.now() ? this.known : this.known.set(environment, {
            until: Date.now() + 3000, read: ${READ} })).get(environment).read`,
    },
  ],
  faults: ['server-kill'],
  foundBy: ['stale'],
};
