// Makes what is not committed: the Prisma client and dist/ (see compile.mjs), then bundle/ (see bundle.mjs).
// Each step compares content hashes and does nothing when its inputs are unchanged, so every npm script may call this first.
import { pathToFileURL } from 'node:url';
import { bundle } from './bundle.mjs';
import { compile, reasonOf } from './compile.mjs';
import { repository } from './files.mjs';

/** Brings everything up to date; gives what it did. `root` is another checkout in tests. */
export async function build(root = repository) {
  const compiled = await compile(root);
  return { ...compiled, bundled: await bundle(root) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const began = performance.now();
  try {
    const { generated, compiled, removed, bundled } = await build();
    const took = `${Math.round(performance.now() - began)} ms`;
    const did = [
      ...(generated ? ['generated the Prisma client'] : []),
      `${compiled} files compiled`,
      `${removed} removed`,
      ...(bundled ? ['bundled'] : []),
    ];
    console.log(`build: ${did.join(', ')} (${took})`);
  } catch (error) {
    console.error(reasonOf(error));
    process.exitCode = 1;
  }
}
