// `npm run check [-- step ...]`: everything that is checked without running the program. Says for each step what it took, and shows the output of those that fail.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { compile } from './compile.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/** The longest first: they run side by side, as many as there are processors. */
const steps = {
  lint: () => tool('eslint', '--max-warnings', '0', '.'),
  types: () => tool('tsc', '-p', '.'),
  api: generatedFiles,
  format: () =>
    tool(
      'prettier',
      '--check',
      '--cache',
      '--cache-strategy',
      'content',
      '--log-level',
      'warn',
      '**/*.{ts,mjs,js}',
      '*.{json,yml,yaml}',
    ),
  imports: () => tool('depcruise', '--config', '.dependency-cruiser.mjs', '--output-type', 'err-long', 'src'),
};

/** The API descriptions are committed and made from the code: they must be what the code makes now, and OpenAPI as others read it. */
async function generatedFiles() {
  const files = ['openapi/openapi.json', 'openapi/schema.graphql'];
  const read = () => files.map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : ''));
  const before = read();
  const made = await run(process.execPath, ['tools/run.mjs', 'bin/write-api']);
  if (made.status !== 0) return made;
  const after = read();
  const changed = files.filter((_, n) => before[n] !== after[n]);
  if (changed.length > 0)
    return { status: 1, output: `${changed.join(', ')} did not match the code and is written anew: commit it\n` };
  return tool('spectral', 'lint', '--quiet', '--fail-severity', 'error', files[0]);
}

function tool(name, ...words) {
  return run(process.execPath, [fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url)), ...words]);
}

async function run(program, words) {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [status] = await once(child, 'close');
  return { status, output };
}

async function check(name) {
  const began = performance.now();
  const { status, output } = await steps[name]();
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  if (status === 0) return;
  process.exitCode = 1;
  process.stdout.write(output.replace(/^(?=.)/gm, '       '));
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(`no step ${unknown.join(', ')} (have: ${Object.keys(steps).join(', ')})`);
  process.exit(2);
}
await compile();
const waiting = Object.keys(steps).filter((name) => wanted.length === 0 || wanted.includes(name));
const workers = Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
  while (waiting.length > 0) await check(waiting.shift());
});
await Promise.all(workers);
