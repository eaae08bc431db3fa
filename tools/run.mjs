// `node tools/run.mjs <module> [words]`: builds what is stale, then calls `main(words)` of dist/<module>.js. Where <module> ends with a slash, the
// first word names the file: `node tools/run.mjs bench/ render 5`.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

class Refusal extends Error {}

const dist = new URL('../dist/', import.meta.url);

async function main([module, ...words]) {
  await build();
  const name = module.endsWith('/') ? module + chosen(module, words.shift()) : module;
  const { main } = await import(new URL(`${name}.js`, dist));
  await main?.(words);
}

/** The wanted name, `all` where none is wanted and there is one, or a refusal that tells which there are: the files that export a `main`. */
function chosen(folder, wanted) {
  const files = readdirSync(fileURLToPath(new URL(folder, dist))).filter((file) => file.endsWith('.js'));
  const names = files.filter((file) =>
    /\bexport (async )?function main\b/.test(readFileSync(new URL(folder + file, dist), 'utf8')),
  );
  const known = names.map((file) => file.slice(0, -'.js'.length));
  if (wanted === undefined && known.includes('all')) return 'all';
  if (!known.includes(wanted)) throw new Refusal(`which of ${folder}: ${known.join(', ')}?`);
  return wanted;
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Refusal ? error.message : error);
  process.exitCode = 1;
});
