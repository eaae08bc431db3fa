import { SluiceError } from '../domain/errors.js';
import { JOBS, type JobInput, type JobName, type JobResult } from './jobs.js';

export interface Order<N extends JobName = JobName> {
  readonly name: N;
  readonly input: JobInput<N>;
}

/** A refusal crosses to the other thread as a value: a clone of an error is no longer of its class. */
export type Outcome<N extends JobName = JobName> =
  | { readonly kind: 'done'; readonly result: JobResult<N> }
  | { readonly kind: 'refused'; readonly refusal: Pick<SluiceError, 'code' | 'message' | 'problems'> };

/** What a worker thread does with an order. */
export function work<N extends JobName>({ name, input }: Order<N>): Outcome<N> {
  const job = JOBS[name] as (input: JobInput<N>) => JobResult<N>;
  try {
    return { kind: 'done', result: job(input) };
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const { code, message, problems } = error;
    return { kind: 'refused', refusal: { code, message, problems } };
  }
}
