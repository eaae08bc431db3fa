#!/usr/bin/env node
// `npx sluice ...`: builds what is stale (a few milliseconds when nothing is), then becomes the command line.
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { compile, reasonOf } from './compile.mjs';

try {
  await compile();
} catch (error) {
  console.error(reasonOf(error));
  process.exit(2);
}
// Keeps compiled JavaScript between starts, where Node has it (22.8 and newer).
module.enableCompileCache?.(fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url)));
await import('../dist/bin/sluice.js');
