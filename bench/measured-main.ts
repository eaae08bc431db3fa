/** The server, which tells its parent how much memory it holds when it is asked; for benches. Start it with --expose-gc. */
process.on('message', () => {
  // Twice: what the first one finalises, the second one frees.
  globalThis.gc?.();
  globalThis.gc?.();
  process.send?.(process.memoryUsage());
});

await import('../src/main.js');
