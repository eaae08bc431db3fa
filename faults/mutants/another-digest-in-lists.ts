import type { Mutant } from './mutant.js';

export const anotherDigestInLists: Mutant = {
  name: 'another-digest-in-lists',
  breaks: 'a list of versions has the digest of another representation',
  edits: [
    {
      module: 'features/bundle/bundle-view.js',
      find: '= bundleView(bundle);',
      put: '= { ...bundleView(bundle), digest: bundle.jsonDigest };',
    },
  ],
  faults: ['cut'],
  foundBy: ['changed'],
};
