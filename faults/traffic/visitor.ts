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

/** Sends to a server that chance picks, or to the one that is given, and counts. */
export async function sendOne(
  { clients, random, history }: Surroundings,
  asked: Asked,
  client = random.pick(clients),
): Promise<Reply> {
  const reply = await client.send(asked);
  history.counts.requests++;
  if (reply.kind === 'unknown') history.counts.unknown++;
  return reply;
}

/** Notes an answer that this request should never have. */
export function noteOdd(history: History, { method, path }: Asked, reply: Reply): void {
  if (reply.kind === 'unknown') return;
  history.odd.push({ what: `${method} ${path}`, text: `${reply.status} ${reply.body.toString().slice(0, 300)}` });
}
