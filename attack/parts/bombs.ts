import { objectionsToReply } from '../checks/reply.js';
import { BOMBS, type Bomb } from '../bombs.js';
import { usageOf } from '../metrics.js';
import type { Outcome, Part } from '../part.js';
import type { Target } from '../target.js';
import { Client, type Reply } from '../wire/client.js';
import { sendBytes } from '../wire/raw.js';

export const bombs: Part = {
  name: 'bombs',
  about: 'what is small to send and large to read, and bytes that are no request',
  run,
};

/** Each is sent so often. The quickest counts: what else a busy machine does is not the server's; the median is told beside it. */
const TIMES = 9;
const WARM_UP = 3;

async function run(target: Target): Promise<Outcome> {
  const client = new Client(target);
  const failures: string[] = [];
  const figures = [];
  const sent: { bomb: Bomb; replies: Reply[]; megabytes: number }[] = [];
  try {
    // Code is compiled, buffers are made, heaps are as large as they get: once for all.
    for (let n = 0; n < WARM_UP; n++) for (const bomb of BOMBS) await sendOf(target, client, bomb);
    for (const bomb of BOMBS) {
      const before = await usageOf(target, client);
      const replies: Reply[] = [];
      for (let n = 0; n < TIMES; n++) replies.push(await sendOf(target, client, bomb));
      const after = await usageOf(target, client);
      sent.push({ bomb, replies, megabytes: after.residentMegabytes - before.residentMegabytes });
    }
    for (const { bomb, replies } of sent)
      failures.push(...new Set(replies.flatMap((reply) => objectionsTo(bomb, reply))));
  } finally {
    client.close();
  }
  for (const { bomb, replies, megabytes } of sent) {
    const times = replies.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
    const median = `median ${(times[TIMES >> 1] ?? NaN).toFixed(1)} ms`;
    figures.push({ name: `${bomb.name}: answered in (${median})`, value: times[0] ?? NaN, unit: 'ms', most: 50 });
    figures.push({ name: `${bomb.name}: grown by`, value: megabytes, unit: 'MB', most: 20 });
  }
  return { tried: BOMBS.length * (TIMES + WARM_UP), failures, figures };
}

function sendOf(target: Target, client: Client, { what }: Bomb): Promise<Reply> {
  return 'bytes' in what ? sendBytes(target.url, what.bytes(target.token)) : client.send(what);
}

function objectionsTo({ name, statuses, what }: Bomb, reply: Reply): string[] {
  const method = 'bytes' in what ? 'GET' : what.method;
  const isGraphQL = 'path' in what && what.path === '/graphql' && reply.status < 401;
  return [
    ...(statuses.includes(reply.status)
      ? []
      : [`a ${reply.status}, not a ${statuses.join(' or ')}: ${reply.body.slice(0, 200)}`]),
    ...(isGraphQL ? [] : objectionsToReply({ method, path: '', headers: {} }, reply)),
  ].map((objection) => `${name}: ${objection}`);
}
