import { threadId } from 'node:worker_threads';
import type { CacheState } from '../seeing/cache-tally.js';
import { type Phase, watchPhases } from '../seeing/phase.js';
import { editionsKept } from './asked/ask-edition.js';
import { keptParts } from './read-parts.js';

/** What a thread tells of itself with each answer. */
export interface Seen {
  readonly thread: number;
  /** The phases that the job went through, where it has some. */
  readonly phases: readonly Phase[];
  /** How long the thread had the job. */
  readonly seconds: number;
  readonly caches: ThreadCaches;
}

/** What a thread keeps, since it began. */
export interface ThreadCaches {
  readonly parts: CacheState;
  readonly editions: CacheState;
}

/** Watches this thread until what it gives is called, which says what was seen. */
export function watched(): () => Seen {
  const began = performance.now();
  const phases: Phase[] = [];
  const stop = watchPhases((phase) => phases.push(phase));
  return () => {
    stop();
    const caches = { parts: keptParts(), editions: editionsKept() };
    return { thread: threadId, phases, seconds: (performance.now() - began) / 1000, caches };
  };
}
