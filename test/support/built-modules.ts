import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vitest/config';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What `npm run build` compiles, below the root of the repository. */
const COMPILED = /^(?:src|((?:bench|attack|faults|examples)))\/(.+\.js)$/;

/** What Node itself loads, in place of vitest. */
export const BUILT = /\/dist\//;

/**
 * Tests import modules of `src/`, and run what the build made of them in `dist/`: what is shipped, loaded by Node, and compiled once for all workers. Packages are
 * loaded once too, as Node takes them for each other.
 */
export function builtModules(): Plugin {
  return {
    name: 'built modules',
    enforce: 'pre',
    resolveId(source, importer) {
      if (importer === undefined || !source.startsWith('.')) return null;
      const path = fileURLToPath(new URL(source, `file://${importer}`));
      const found = path.startsWith(ROOT) ? COMPILED.exec(path.slice(ROOT.length)) : null;
      if (found === null) return null;
      const [, folder = '', file] = found;
      return { id: `${ROOT}dist/${folder === '' ? '' : `${folder}/`}${file}`, external: true };
    },
  };
}
