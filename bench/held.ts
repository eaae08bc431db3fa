import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** What a server holds, in bytes, and how many handles it has open. */
export interface Held extends NodeJS.MemoryUsage {
  /** Of its heap: what V8 compiled so far, and what belongs to that. It grows while a program still meets new cases, and no further than there is program. */
  readonly code: number;
  readonly handles: number;
}

/** Asks a server that runs as measured-main, which collects its garbage first: what is left is what something made it hold. */
export async function held(server: ChildProcess): Promise<Held> {
  const answer = once(server, 'message');
  server.send('held?');
  return ((await answer) as [Held])[0];
}
