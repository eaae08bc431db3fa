/** The server, which tells its parent how much memory it holds when it is asked; for benches. Start it with --expose-gc. */
process.on('message', (asked: 'memory' | 'without collecting') => {
  // Twice: what the first one finalises, the second one frees.
  if (asked === 'memory') {
    globalThis.gc?.();
    globalThis.gc?.();
  }
  process.send?.({ ...process.memoryUsage(), handles: process.getActiveResourcesInfo().length });
});

await import('../src/main.js');
