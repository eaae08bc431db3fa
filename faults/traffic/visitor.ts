import { setTimeout as wait } from 'node:timers/promises';
import type { History } from '../history/history.js';
import type { Random } from '../random.js';
import type { Asked, HttpClient, Reply } from './http.js';
import type { Site } from './site.js';

/** What everyone who sends requests shares. */
export interface Surroundings {
  readonly site: Site;
  readonly history: History;
  /** One a server. */
  readonly clients: readonly HttpClient[];
  readonly random: Random;
}

/** Somebody who does one thing after the other. */
export interface Visitor {
  step(): Promise<void>;
}

/** Who has no answer rests, so that the time of the machine goes to servers that are there. */
const REST_AFTER_NONE_MS = 100;

/** Sends to a server that chance picks, or to the one that is given, and counts. */
export async function sendOne(
  { clients, random, history }: Surroundings,
  asked: Asked,
  client = random.pick(clients),
): Promise<Reply> {
  const reply = await client.send(asked);
  history.counts.requests++;
  if (reply.kind === 'answer') return reply;
  history.counts.unknown++;
  await wait(REST_AFTER_NONE_MS);
  return reply;
}

/** Notes an answer that this request should never have. */
export function noteOdd(history: History, { method, path }: Asked, reply: Reply): void {
  if (reply.kind === 'unknown') return;
  history.odd.push({ what: `${method} ${path}`, text: `${reply.status} ${reply.body.toString().slice(0, 300)}` });
}
