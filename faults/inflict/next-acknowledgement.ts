import { setTimeout as wait } from 'node:timers/promises';
import type { History } from '../history/history.js';

const AT_MOST_MS = 3_000;

/** Waits until a client was told that something is done, so that what is broken next is broken right after that; not for ever, as there may be nobody who tells. */
export async function nextAcknowledgement({ counts }: History): Promise<void> {
  const [before, deadline] = [counts.acknowledgements, performance.now() + AT_MOST_MS];
  while (counts.acknowledgements === before && performance.now() < deadline) await wait(1);
}
