import type { Mutant } from './mutant.js';

export const neverLooksAgain: Mutant = {
  name: 'never-looks-again',
  breaks: 'the server of the database that took writes once is taken to do so for ever',
  edits: [{ module: 'store/primary.finder.js', find: 'if (this.known === host) this.known = undefined;', put: '' }],
  faults: ['promotion'],
  foundBy: ['unready'],
};
