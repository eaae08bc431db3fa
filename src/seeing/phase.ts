import { channel } from 'node:diagnostics_channel';

/** What a publish consists of: a closed list. A preview has the first six. */
export const PHASES = {
  load: 'reads the model and the latest version',
  assemble: 'makes the snapshot of the rows that were read',
  render: 'compiles, renders and writes YAML',
  lint: 'looks for what is worth a finding',
  compare: 'compares with the latest version',
  prove: 'reads the bytes again and judges them',
  write: 'cuts what is stored into pieces, and compresses the new ones',
  lock: 'waits for the lock of the environment',
  store: 'stores the pieces, and what is put together of them',
  insert: 'stores the version',
  sign: 'makes the image and signs it',
  release: 'stores what the registry has of it, and word of it to webhooks',
  commit: 'commits',
} as const;

export type PhaseName = keyof typeof PHASES;

/** One phase that is over, in milliseconds since the epoch. */
export interface Phase {
  readonly name: PhaseName;
  readonly began: number;
  readonly ended: number;
}

/** Of this thread. Nobody needs to be handed to the code that is watched; where nobody watches, it costs nothing. */
const phases = channel('sluice:phase');

/** Does it, and tells those who watch how long it took, whatever came of it. */
export function phase<T>(name: PhaseName, work: () => T): T {
  if (!phases.hasSubscribers) return work();
  const began = now();
  const told = () => tell({ name, began, ended: now() });
  let result: T;
  try {
    result = work();
  } catch (error) {
    told();
    throw error;
  }
  if (result instanceof Promise) return result.finally(told) as T;
  told();
  return result;
}

/** Tells of a phase that was measured elsewhere. */
export function tell(phase: Phase): void {
  phases.publish(phase);
}

/** Told of every phase of this thread from now on, until what it gives is called. */
export function watchPhases(told: (phase: Phase) => void): () => void {
  const listener = (message: unknown) => told(message as Phase);
  phases.subscribe(listener);
  return () => phases.unsubscribe(listener);
}

/** In milliseconds since the epoch, finer than Date tells them and in all threads alike. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
