import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Figure, printTable } from './report.js';

const HERE = new URL('./', import.meta.url);
/** This one; what takes ten minutes; what another one has in it. */
const LEFT_OUT = new Set(['all', 'soak', 'waiting']);

/**
 * `npm run bench`, or `npm run bench -- all [names]`: one bench after the other, each in a process of its own, and one table of all that any of them says
 * with a limit (`limitLine`, `ratioLine`). A new bench is in it by itself. Ends with 1 where a figure is missed, or a bench fails.
 */
export async function main(wanted: string[] = []): Promise<void> {
  const rows: (Figure & { readonly bench: string })[] = [];
  const failed: string[] = [];
  for (const bench of wanted.length > 0 ? wanted : names()) {
    console.log(`\n== ${bench}`);
    const { figures, code } = await run(bench);
    rows.push(...figures.map((figure) => ({ bench, ...figure })));
    if (code !== 0) failed.push(bench);
  }
  printTable(rows);
  if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`);
  if (failed.length > 0 || rows.some(({ met }) => met === 'NOT')) process.exitCode = 1;
}

function names(): string[] {
  const files = readdirSync(fileURLToPath(HERE)).filter((file) => file.endsWith('.js'));
  const benches = files.filter((file) =>
    /\bexport async function main\b|\bexport function main\b/.test(readFileSync(new URL(file, HERE), 'utf8')),
  );
  return benches
    .map((file) => file.slice(0, -'.js'.length))
    .filter((name) => !LEFT_OUT.has(name))
    .sort();
}

async function run(bench: string): Promise<{ readonly figures: Figure[]; readonly code: unknown }> {
  const figures: Figure[] = [];
  const script = fileURLToPath(new URL('../../tools/run.mjs', HERE));
  const child = spawn(process.execPath, [script, 'bench/', bench], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.on('message', ({ figure }: { readonly figure?: Figure }) => {
    if (figure !== undefined) figures.push(figure);
  });
  const [code] = (await once(child, 'close')) as [unknown];
  return { figures, code };
}
