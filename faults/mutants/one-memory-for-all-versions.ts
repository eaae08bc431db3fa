import type { Mutant } from './mutant.js';

export const oneMemoryForAllVersions: Mutant = {
  name: 'one-memory-for-all-versions',
  breaks: 'what was read of one version of an environment is given for another that is read at the same moment',
  edits: [{ module: 'store/bundle.cache.js', find: '`${environment}/${version}`', put: 'environment' }],
  faults: ['cut'],
  foundBy: ['half', 'stale'],
};
