// `npm start`: builds what is stale (a few milliseconds when nothing is), then becomes the server.
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { reasonOf } from './compile.mjs';
import { stopWithNpm } from './stop-with-npm.mjs';

stopWithNpm();
try {
  await build();
} catch (error) {
  console.error(reasonOf(error));
  process.exit(1);
}
// Keeps compiled JavaScript between starts, where Node has it (22.8 and newer).
module.enableCompileCache?.(fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url)));
// Not by `import`: that would first look through all of it for names to export.
module.createRequire(import.meta.url)('../bundle/main.js');
