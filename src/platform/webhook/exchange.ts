import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { mayBeSentTo } from '../../domain/webhook/webhook-url.js';
import { isAllowed, outside } from '../../domain/webhook/outside.js';
import type { Outcome } from '../../domain/webhook/next-step.js';
import { guardedLookup, RefusedAddress, type Resolve } from './guarded-lookup.js';

/** One attempt: where to, and what. */
export interface Sending {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/** What an attempt must know of its surroundings. */
export interface ExchangeRules {
  /** CIDRs of networks that are not global, and may be sent to all the same. */
  readonly allow: readonly string[];
  readonly resolve: Resolve;
  /** For all of it: name, connection, TLS, answer. */
  readonly timeoutMs: number;
  readonly now: () => Date;
}

/** What is read of an answer: its status says it all, and more than a few words is not meant for us. */
const ANSWER_MAX = 16 * 1024;

/** Not the agents that the process shares: those may be told by its environment to go by way of a proxy, past every check. */
const AGENTS = { 'http:': new HttpAgent({ keepAlive: false }), 'https:': new HttpsAgent({ keepAlive: false }) };

/**
 * Sends once and gives what came of it; never throws. Redirects are answers like others. The addresses are judged when the socket connects,
 * and no other ones are connected to.
 */
export function exchange(sending: Sending, rules: ExchangeRules): Promise<Outcome> {
  return new Promise((resolve) => {
    const { url, headers, body, signal } = sending;
    const target = new URL(url);
    const refused = mayBeSentTo(url, rules.allow);
    if (refused !== undefined) return resolve(unanswered(refused.detail));
    const secure = target.protocol === 'https:';
    const judge = (address: string) => (secure ? outside(address, rules.allow) : insideOnly(address, rules.allow));
    const request = (secure ? httpsRequest : httpRequest)(target, {
      ...{ method: 'POST', headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) } },
      ...{ agent: AGENTS[secure ? 'https:' : 'http:'], lookup: guardedLookup(rules.resolve, judge) },
    });
    const limit = `no answer within ${rules.timeoutMs / 1000} s`;
    const timer = setTimeout(() => request.destroy(new Error(limit)), rules.timeoutMs);
    const abort = () => request.destroy(new Error('this process is ending'));
    let outcome: Outcome | undefined;
    const end = (error?: Error) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      resolve(outcome ?? unanswered(wordsOf(error)));
    };
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    request.on('error', end).on('close', () => end());
    request.on('response', (answer) => {
      outcome = answered(answer, rules.now());
      readSome(answer, () => request.destroy());
    });
    request.end(body);
  });
}

/** Without TLS anyone on the way can read: only networks that the operator named. */
function insideOnly(address: string, allow: readonly string[]) {
  if (isAllowed(address, allow)) return undefined;
  return { code: 'webhook-without-tls', detail: `${address} is in no network of SLUICE_WEBHOOK_ALLOW: use https` };
}

/** To its end, so that the receiver sees no broken connection, but not for ever. */
function readSome(answer: IncomingMessage, stop: () => void): void {
  let read = 0;
  answer.on('data', (chunk: Buffer) => {
    read += chunk.length;
    if (read > ANSWER_MAX) stop();
  });
  answer.on('error', () => undefined); // the status is there already
}

function answered({ statusCode = 0, headers }: IncomingMessage, now: Date): Outcome {
  return { kind: 'answered', status: statusCode, retryAfterMs: retryAfter(headers['retry-after'], now) };
}

/** Seconds or a date (RFC 9110 section 10.2.3); nothing where it is neither, or past. */
export function retryAfter(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^[0-9]{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return ms > 0 ? ms : undefined;
}

function unanswered(error: string): Outcome {
  return { kind: 'unanswered', error };
}

/** What can be said of an error without a word of what was sent. */
function wordsOf(error: Error | undefined): string {
  if (error === undefined) return 'the connection was closed without an answer';
  // Of several addresses that were tried, one stands for all.
  const [first = error] = error instanceof AggregateError ? (error.errors as Error[]) : [];
  const { code } = first as NodeJS.ErrnoException;
  const told = first instanceof RefusedAddress || code === undefined || first.message.includes(code);
  return (told ? first.message : `${code}: ${first.message}`).slice(0, 300);
}
