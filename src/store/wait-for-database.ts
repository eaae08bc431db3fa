import { setTimeout as sleep } from 'node:timers/promises';
import { PrimaryClient } from './primary.client.js';

/** Nobody is there, or not yet; everything else would be no better in a minute. */
const LATER =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|57P0[1-3]|53300|08\w{3})$/;
const LATER_TEXT = /Connection terminated|timeout expired/;
const PAUSE_MS = 500;
const TELL_MS = 10_000;

export interface WaitOptions {
  readonly seconds: number;
  /** What lines call the database; without a password. */
  readonly where: string;
  readonly tell: (line: string) => void;
}

/**
 * Connects to a database once, as often as it takes: whoever starts both at the same moment need not put them in order. Tells at once for whom it
 * waits, and every ten seconds. Throws what the last try said, after `seconds`; and at once where it is no matter of time, as a wrong password.
 */
export async function untilItAnswers(url: string, { seconds, where, tell }: WaitOptions): Promise<void> {
  const began = performance.now();
  for (let told = -Infinity; ; await sleep(PAUSE_MS)) {
    const failure = await tryOnce(url);
    if (failure === undefined) return;
    const waited = performance.now() - began;
    if (!isLater(failure) || waited + PAUSE_MS > seconds * 1000) throw failure;
    if (waited - told < TELL_MS) continue;
    told = waited;
    const left = Math.round(seconds - waited / 1000);
    tell(`waiting for the database at ${where}: ${reasonOf(failure)} (${left} seconds more)`);
  }
}

async function tryOnce(connectionString: string): Promise<Error | undefined> {
  const client = new PrimaryClient({
    connectionString,
    connectionTimeoutMillis: 5_000,
    application_name: 'sluice start',
  });
  client.on('error', () => undefined); // connect() says it too
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return error as Error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function isLater(error: Error & { code?: string }): boolean {
  return LATER.test(error.code ?? '') || LATER_TEXT.test(error.message);
}

/** Node's error for a name with several addresses has its text in its parts. */
function reasonOf(error: Error & { code?: string; errors?: readonly Error[] }): string {
  return error.message || error.errors?.[0]?.message || error.code || 'no answer';
}
