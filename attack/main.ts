import { parseArgs } from 'node:util';
import type { Extent, Part } from './part.js';
import { PARTS } from './parts.js';
import { figureLine, holds, outcomeLine } from './report.js';
import { startOwnServer, type Target } from './target.js';

const USAGE = `npm run attack -- [--only part,part] [--requests N] [--seed S] [--operation id] [--url U --token T]
Sends to a server of its own unless --url names one. It writes and deletes: never give it a server that anybody needs.`;

/** `npm run attack`: all that is sent to break the service, a line a part, what it found, and the figures. Ends with 1 where anything does not hold. */
export async function main(words: readonly string[]): Promise<void> {
  const options = readWords(words);
  if (typeof options === 'string') {
    console.error(options);
    process.exitCode = 2;
    return;
  }
  const { parts, extent, given } = options;
  const own = given === undefined ? await startOwnServer() : undefined;
  try {
    if (!(await attack(parts, given ?? own!, extent))) process.exitCode = 1;
  } finally {
    await own?.close();
  }
}

/** Gives whether everything holds. */
async function attack(parts: readonly Part[], target: Target, extent: Extent): Promise<boolean> {
  const figures = [];
  let all = true;
  for (const part of parts) {
    const began = performance.now();
    const outcome = await part.run(target, extent);
    console.log(outcomeLine(part, outcome, performance.now() - began));
    for (const failure of outcome.failures) console.log(`  - ${failure}`);
    figures.push(...(outcome.figures ?? []));
    all &&= outcome.failures.length === 0;
  }
  for (const figure of figures) console.log(figureLine(figure));
  return all && figures.every(holds);
}

interface Options {
  readonly parts: readonly Part[];
  readonly extent: Extent;
  readonly given: Target | undefined;
}

/** Gives what is to be done, or how it is to be asked for. */
export function readWords(words: readonly string[]): Options | string {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...words],
      options: { only: text, requests: text, seed: text, operation: text, url: text, token: text },
    });
    const { only, requests = '40000', seed = '20261128', operation, url, token } = values;
    const names = only?.split(',') ?? PARTS.map(({ name }) => name);
    const unknown = names.filter((name) => !PARTS.some((part) => part.name === name));
    if (unknown.length > 0) return `no part ${unknown.join(', ')} (have: ${PARTS.map(({ name }) => name).join(', ')})`;
    if (!/^[1-9]\d{0,7}$/.test(requests) || !/^\d{1,9}$/.test(seed)) return USAGE;
    if ((url === undefined) !== (token === undefined)) return USAGE;
    return {
      parts: PARTS.filter(({ name }) => names.includes(name)),
      extent: { requests: Number(requests), seed: Number(seed), ...(operation === undefined ? {} : { operation }) },
      given: url === undefined || token === undefined ? undefined : { url: url.replace(/\/$/, ''), token },
    };
  } catch (error) {
    return `${(error as Error).message}\n${USAGE}`;
  }
}
