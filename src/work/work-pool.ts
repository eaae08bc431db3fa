import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';
import { SluiceError } from '../domain/errors.js';
import type { JobInput, JobName, JobResult } from './jobs.js';
import { JOBS } from './jobs.js';
import type { Order, Outcome } from './worker.js';

/** Above this many bytes of input a job goes to a thread; below, handing it over costs more than the job. */
const INLINE_MAX = 128 * 1024;
/** Threads keep what they have read, so they are not ended at once. */
const IDLE_MS = 120_000;
/** A rendering and its proof make much that does not last; a larger nursery spares copying it about. */
export const THREAD_LIMITS = { maxYoungGenerationSizeMb: 64 } as const;

/**
 * Runs the heavy jobs in worker threads, so that no request holds the event loop, and the light ones here. The threads, and the
 * library that keeps them, are only there once a job has been heavy.
 */
export class WorkPool {
  private pool: Promise<Piscina> | undefined;

  constructor(
    private readonly inlineMax = INLINE_MAX,
    private readonly worker = new URL('./worker.js', import.meta.url),
  ) {}

  /** Runs a job; `bytes` is about how large its input is. Refuses what the job refuses. */
  async run<N extends JobName>(name: N, input: JobInput<N>, bytes: number): Promise<JobResult<N>> {
    if (bytes <= this.inlineMax) return (JOBS[name] as (input: JobInput<N>) => JobResult<N>)(input);
    this.pool ??= openPool(this.worker);
    const order: Order<N> = { name, input };
    const outcome = (await (await this.pool).run(order, { name: 'work' })) as Outcome<N>;
    if (outcome.kind === 'done') return outcome.result;
    const { code, message, problems } = outcome.refusal;
    throw new SluiceError(code, message, problems);
  }

  /** Ends the threads; what still runs in them is given up. */
  async close(): Promise<void> {
    await (await this.pool)?.destroy();
  }
}

async function openPool(worker: URL): Promise<Piscina> {
  const { Piscina } = await import('piscina');
  return new Piscina({
    filename: fileURLToPath(worker),
    minThreads: 0,
    maxThreads: Math.max(1, availableParallelism() - 1),
    idleTimeout: IDLE_MS,
    resourceLimits: THREAD_LIMITS,
  });
}
