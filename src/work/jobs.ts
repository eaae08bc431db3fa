import type { EditionBytes } from '../store/edition-bytes.js';
import { answerAnalysis } from './answer-analysis.js';
import { changeBetween, diffEditions, writeDiff } from './diff-editions.js';
import { inventoryEdition, planEditions, writePlan } from './plan-editions.js';
import { prepareEdition } from './prepare-edition.js';
import { previewEdition, writePreviewEdition } from './preview-edition.js';
import { readRepresentation } from './read-representation.js';
import { renderEdition } from './render-edition.js';
import { writeOverview } from './write-overview.js';

/** Work on a value that is handed over: from one that can be cloned to another, by the domain alone. */
export const JOBS = { renderEdition, answerAnalysis } as const;

export type JobName = keyof typeof JOBS;
export type JobInput<N extends JobName> = Parameters<(typeof JOBS)[N]>[0];
export type JobResult<N extends JobName> = ReturnType<(typeof JOBS)[N]>;

/** Work on what is stored: it is told what to read, and reads it where it works. */
export const EDITION_JOBS = {
  prepareEdition,
  previewEdition,
  writePreviewEdition,
  diffEditions,
  changeBetween,
  writeDiff,
  writeOverview,
  planEditions,
  writePlan,
  inventoryEdition,
  readRepresentation,
} as const;

export type EditionJobName = keyof typeof EDITION_JOBS;
export type EditionJobInput<N extends EditionJobName> = Parameters<(typeof EDITION_JOBS)[N]>[0];
export type EditionJobResult<N extends EditionJobName> = Awaited<ReturnType<(typeof EDITION_JOBS)[N]>>;

/** Runs one over bytes that are at hand. */
export function runEditionJob<N extends EditionJobName>(
  name: N,
  input: EditionJobInput<N>,
  bytes: EditionBytes,
): Promise<EditionJobResult<N>> {
  const job = EDITION_JOBS[name] as unknown as (
    input: EditionJobInput<N>,
    bytes: EditionBytes,
  ) => Promise<EditionJobResult<N>>;
  return job(input, bytes);
}
