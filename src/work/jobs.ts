import { answerAnalysis } from './answer-analysis.js';
import { renderEdition } from './render-edition.js';

/** All that may run in a worker thread: from one value that can be cloned to another, by the domain alone. */
export const JOBS = { renderEdition, answerAnalysis } as const;

export type JobName = keyof typeof JOBS;
export type JobInput<N extends JobName> = Parameters<(typeof JOBS)[N]>[0];
export type JobResult<N extends JobName> = ReturnType<(typeof JOBS)[N]>;
