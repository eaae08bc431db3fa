import { createRequire } from 'node:module';

/** The server, which tells its parent what it holds when it is asked (see held.ts). Start it with --expose-gc. */
process.on('message', () => {
  // Twice: what the first one finalises, the second one frees.
  globalThis.gc?.();
  globalThis.gc?.();
  process.send?.({ ...process.memoryUsage(), handles: process.getActiveResourcesInfo().length });
});

createRequire(import.meta.url)('../../bundle/main.js');
