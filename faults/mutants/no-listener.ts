import type { Mutant } from './mutant.js';

export const noListener: Mutant = {
  name: 'no-listener',
  breaks: 'nobody listens to what a connection says when it dies, so its process ends',
  edits: [
    {
      module: 'store/database.js',
      find: `client.on('error', (error)=>this.tellLost(error))`,
      put: 'client',
    },
    { module: 'store/database.js', find: `this.pool.on('error', ()=>undefined)`, put: '' },
    { module: 'store/notifications.js', find: `client.on('error', (error)=>this.lost(client, error));`, put: '' },
    { module: 'store/primary.client.js', find: `'error',`, put: '' },
  ],
  faults: ['database-kill-busy', 'listener-kill'],
  foundBy: ['ended'],
};
