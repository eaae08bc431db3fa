import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One text of one module, and what stands there in its place. */
export interface Edit {
  /** Below dist/. */
  readonly module: string;
  /** There exactly once, or the mutant is stale. */
  readonly find: string;
  readonly put: string;
}

/** A way to break the service on purpose. It is in no switch of the service: the harness edits modules as they are loaded. */
export interface Mutant {
  readonly name: string;
  readonly breaks: string;
  readonly edits: readonly Edit[];
  /** How long every byte between the servers and the database takes, so that what the mutant leaves open is open for long. */
  readonly delayMs?: number;
  /** The faults that expose it, by their names. */
  readonly faults: readonly string[];
  /** The checks that are meant to find it: one of them must. */
  readonly foundBy: readonly string[];
}

/** Where this module lies below dist/. */
const DIST = new URL('../../', import.meta.url).href;

/** Takes a module's source, gives it with the edit made; refuses where its text is not there exactly once. */
export function edited(source: string, { module, find, put }: Edit): string {
  const times = source.split(find).length - 1;
  if (times !== 1)
    throw new Error(`the mutant is stale: ${JSON.stringify(find)} stands ${times} times in ${module}, not once`);
  return source.replace(find, () => put);
}

/** The modules that a mutant edits, as they would be loaded from a build: sources by address. Refuses as `edited` does. */
export function mutated(mutant: Mutant, dist = DIST): Map<string, string> {
  const sources = new Map<string, string>();
  for (const edit of mutant.edits) {
    const url = new URL(edit.module, dist).href;
    sources.set(url, edited(sources.get(url) ?? readFileSync(fileURLToPath(url), 'utf8'), edit));
  }
  return sources;
}
