import { getPriority, setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { SluiceError } from '../domain/errors.js';
import { giveBackSoon } from './give-back.js';
import { type Seen, watched } from './seen.js';
import { withEditionBytes } from '../store/edition-bytes.js';
import { answerQuestion, type AskEdition, type Replied } from './asked/ask-edition.js';
import {
  type EditionJobInput,
  type EditionJobName,
  type EditionJobResult,
  JOBS,
  type JobInput,
  type JobName,
  type JobResult,
  runEditionJob,
} from './jobs.js';

export interface Order<N extends JobName = JobName> {
  readonly name: N;
  readonly input: JobInput<N>;
}

export interface EditionOrder<N extends EditionJobName = EditionJobName> {
  readonly name: N;
  readonly input: EditionJobInput<N>;
  /** Of the database. */
  readonly url: string;
}

export interface AskOrder {
  readonly input: AskEdition;
  readonly url: string;
}

/** A refusal crosses to the other thread as a value: a clone of an error is no longer of its class. */
export type Outcome<R> = (
  | { readonly kind: 'done'; readonly result: R }
  | { readonly kind: 'refused'; readonly refusal: Pick<SluiceError, 'code' | 'message' | 'problems'> }
) & { readonly seen: Seen };

/** How much less of a processor a job may have than the event loop, where both want one: requests go first. */
const NICER = 10;
/** On Linux a thread has a priority of its own; elsewhere it would be that of the whole process. */
if (!isMainThread && process.platform === 'linux') setPriority(0, Math.min(19, getPriority(0) + NICER));

/** What a worker thread does with an order. */
export function work<N extends JobName>({ name, input }: Order<N>): Promise<Outcome<JobResult<N>>> {
  const job = JOBS[name] as (input: JobInput<N>) => JobResult<N>;
  return outcomeOf(() => job(input)).finally(giveBackSoon);
}

/** As work, of what is stored: over a connection of the thread's own. */
export async function workOnEditions<N extends EditionJobName>({
  name,
  input,
  url,
}: EditionOrder<N>): Promise<Outcome<EditionJobResult<N>>> {
  return handedOver(await outcomeOf(() => withEditionBytes(url, (bytes) => runEditionJob(name, input, bytes))));
}

/** A question to an edition that this thread keeps ready, or makes ready now. */
export async function ask({ input, url }: AskOrder): Promise<Outcome<Replied>> {
  return handedOver(await outcomeOf(() => answerQuestion(input, (read) => withEditionBytes(url, read))));
}

async function outcomeOf<R>(job: () => R | Promise<R>): Promise<Outcome<R>> {
  const seen = watched();
  try {
    return { kind: 'done', result: await job(), seen: seen() };
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const { code, message, problems } = error;
    return { kind: 'refused', refusal: { code, message, problems }, seen: seen() };
  } finally {
    seen();
  }
}

/** Bytes that have their memory to themselves go to the other thread with it, instead of being copied there. */
async function handedOver<R>(outcome: Outcome<R>): Promise<Outcome<R>> {
  const bytes = outcome.kind === 'done' ? bytesIn(outcome.result) : undefined;
  if (bytes === undefined || bytes.byteLength !== bytes.buffer.byteLength) return outcome;
  const { move, transferableSymbol, valueSymbol } = await import('piscina');
  const parcel: Transferable = { [transferableSymbol]: [bytes.buffer], [valueSymbol]: outcome } as never;
  return move(parcel) as never;
}

function bytesIn(result: unknown): Uint8Array | undefined {
  if (result instanceof Uint8Array) return result;
  const answer = (result as { readonly answer?: unknown } | undefined)?.answer;
  return answer instanceof Uint8Array ? answer : undefined;
}
