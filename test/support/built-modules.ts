import { dirname, relative, resolve, sep } from 'node:path';
import type { Plugin } from 'vitest/config';
import { COMPILED, outputOf } from '../../tools/compile.mjs';

const ROOT = resolve(import.meta.dirname, '../..');

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
      if (importer === undefined || !/^\.{1,2}\/.*\.js$/.test(source)) return null;
      const file = relative(ROOT, resolve(dirname(importer), source));
      return COMPILED.includes(file.split(sep)[0]!) ? { id: outputOf(ROOT, file), external: true } : null;
    },
  };
}
