import type { Mutant } from './mutant.js';

export const digestOfReparsed: Mutant = {
  name: 'digest-of-reparsed',
  breaks: 'the digest of a version is of what its YAML says, read again, and not of its bytes',
  edits: [
    {
      module: 'domain/render/bundle.js',
      find: `import { digest } from './digest.js';`,
      put: `import { digest } from './digest.js';\nimport { parseAllDocuments } from 'yaml';`,
    },
    {
      module: 'domain/render/bundle.js',
      find: 'digest: digest(...namespaces.map(({ yaml })=>yaml)),',
      put: 'digest: digest(JSON.stringify(namespaces.map(({ yaml })=>parseAllDocuments(yaml).map((one)=>one.toJS())))),',
    },
  ],
  faults: ['cut'],
  // The service does not store bytes under a name that is not theirs: nothing can be published any more.
  foundBy: ['half', 'unready'],
};
