import { createRequire } from 'node:module';
import { getHeapCodeStatistics } from 'node:v8';

/** The server, which tells its parent what it holds when it is asked (see held.ts). Start it with --expose-gc. */
process.on('message', () => {
  // Twice: what the first one finalises, the second one frees.
  globalThis.gc?.();
  globalThis.gc?.();
  const code = getHeapCodeStatistics();
  process.send?.({
    ...process.memoryUsage(),
    code: code.code_and_metadata_size + code.bytecode_and_metadata_size,
    handles: process.getActiveResourcesInfo().length,
  });
});

createRequire(import.meta.url)('../../bundle/main.js');
