import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** What a server holds, in bytes, and how many handles it has open. */
export interface Held extends NodeJS.MemoryUsage {
  readonly handles: number;
}

/** Asks a server that runs as measured-main, which collects its garbage first: what is left is what something made it hold. */
export async function held(server: ChildProcess): Promise<Held> {
  const answer = once(server, 'message');
  server.send('held?');
  return ((await answer) as [Held])[0];
}
