import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';
import { SluiceError } from '../domain/errors.js';
import { type CacheState, together } from '../seeing/cache-tally.js';
import type { AskedSource } from './asked/ask-edition.js';
import type { Reply } from './asked/asked-edition.js';
import type { Question } from './asked/questions.js';
import type { EditionJobInput, EditionJobName, EditionJobResult, JobInput, JobName, JobResult } from './jobs.js';
import { JOBS } from './jobs.js';
import { keptParts } from './read-parts.js';
import type { ThreadCaches } from './seen.js';
import { ThreadsSeen } from './threads-seen.js';
import type { AskOrder, EditionOrder, Order, Outcome } from './worker.js';

/** Above this many bytes of input a job goes to a thread; below, handing it over costs more than the job. */
const INLINE_MAX = 128 * 1024;
/** With so many flows an estate is large: no request reads, renders or compares it on the event loop. */
const LARGE_FLOWS = 1_000;
const WORKER = new URL('./worker.js', import.meta.url);
/** Threads keep what they have read, so they are not ended at once. */
const IDLE_MS = 120_000;
/** What makes an edition ready for questions takes seconds, and lasts. */
const ASKED_IDLE_MS = 1_800_000;
/** Questions that are on their way to the one thread that answers them; the others wait here. */
const ASKED_AT_ONCE = 64;
/** A rendering and its proof make much that does not last; a larger nursery spares copying it about. */
export const THREAD_LIMITS = { maxYoungGenerationSizeMb: 64 } as const;

/** The pools of threads, as the metrics tell them apart. */
export const POOL_NAMES = ['jobs', 'questions'] as const;
export type PoolName = (typeof POOL_NAMES)[number];

/** How busy the threads of a pool are. */
export interface PoolLoad {
  readonly threads: number;
  /** Jobs that wait for a thread. */
  readonly queued: number;
  /** How long threads had jobs, all in all. */
  readonly busySeconds: number;
}

interface Threads {
  opened: Promise<Piscina> | undefined;
  /** Once it is there. */
  open: Piscina | undefined;
  readonly seen: ThreadsSeen;
}

/**
 * Runs the heavy jobs in worker threads, so that no request holds the event loop, and the light ones here. The threads, and the
 * library that keeps them, are only there once a job has been heavy.
 */
export class WorkPool {
  private readonly pools: Record<PoolName, Threads> = { jobs: noThreads(), questions: noThreads() };

  constructor(
    private readonly inlineMax = INLINE_MAX,
    readonly largeFlows = LARGE_FLOWS,
  ) {}

  /** Runs a job; `bytes` is about how large its input is. Refuses what the job refuses. */
  async run<N extends JobName>(name: N, input: JobInput<N>, bytes: number): Promise<JobResult<N>> {
    if (bytes <= this.inlineMax) return (JOBS[name] as (input: JobInput<N>) => JobResult<N>)(input);
    const order: Order<N> = { name, input };
    return this.inThread<JobResult<N>>('jobs', 'work', order);
  }

  /** Runs a job in a thread, which reads what it works on from the database at `url`. Refuses what the job refuses. */
  async runOnEditions<N extends EditionJobName>(
    name: N,
    input: EditionJobInput<N>,
    url: string,
  ): Promise<EditionJobResult<N>> {
    const order: EditionOrder<N> = { name, input, url };
    return this.inThread<EditionJobResult<N>>('jobs', 'workOnEditions', order);
  }

  /** Asks the thread that keeps large editions ready. Refuses what the answer refuses. */
  async ask<Q extends Question>(asked: AskedSource, question: Q, url: string): Promise<Reply<Q>> {
    const order: AskOrder = { input: { ...asked, question }, url };
    return this.inThread<Reply<Q>>('questions', 'ask', order);
  }

  /** Ends the threads; what still runs in them is given up. */
  async close(): Promise<void> {
    await Promise.all(POOL_NAMES.map(async (name) => (await this.pools[name].opened)?.destroy()));
  }

  load(name: PoolName): PoolLoad {
    const { open, seen } = this.pools[name];
    return { threads: open?.threads.length ?? 0, queued: open?.queueSize ?? 0, busySeconds: seen.busySeconds };
  }

  /** What all threads keep, and this one. */
  cache(name: keyof ThreadCaches): CacheState {
    const inThreads = POOL_NAMES.map((pool) => {
      const { open, seen } = this.pools[pool];
      return seen.cache(name, new Set(open?.threads.map(({ threadId }) => threadId)));
    });
    return together(name === 'parts' ? [keptParts(), ...inThreads] : inThreads);
  }

  private async inThread<R>(name: PoolName, task: string, order: object): Promise<R> {
    const pool = this.pools[name];
    pool.opened ??= openPool(WORKER, POOL_OPTIONS[name]);
    pool.open = await pool.opened;
    const outcome = (await pool.open.run(order, { name: task })) as Outcome<R>;
    pool.seen.note(outcome.seen);
    return resultOf(outcome);
  }
}

const POOL_OPTIONS: Record<PoolName, ConstructorParameters<typeof Piscina>[0]> = {
  jobs: {
    maxThreads: Math.max(1, availableParallelism() - 1),
    idleTimeout: IDLE_MS,
    resourceLimits: THREAD_LIMITS,
  },
  questions: { maxThreads: 1, concurrentTasksPerWorker: ASKED_AT_ONCE, idleTimeout: ASKED_IDLE_MS },
};

function noThreads(): Threads {
  return { opened: undefined, open: undefined, seen: new ThreadsSeen() };
}

function resultOf<R>(outcome: Outcome<R>): R {
  if (outcome.kind === 'done') return outcome.result;
  const { code, message, problems } = outcome.refusal;
  throw new SluiceError(code, message, problems);
}

async function openPool(worker: URL, options: ConstructorParameters<typeof Piscina>[0]): Promise<Piscina> {
  const { Piscina } = await import('piscina');
  return new Piscina({ filename: fileURLToPath(worker), minThreads: 0, ...options });
}
