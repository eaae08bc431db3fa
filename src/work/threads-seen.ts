import { type CacheState, NOTHING_CACHED, together } from '../seeing/cache-tally.js';
import { tell } from '../seeing/phase.js';
import type { Seen, ThreadCaches } from './seen.js';

/** What the threads of one pool told of themselves. */
export class ThreadsSeen {
  /** How long they had jobs, all in all. */
  busySeconds = 0;
  private readonly caches = new Map<number, ThreadCaches>();
  /** What threads counted that have ended. */
  private ended: ThreadCaches = { parts: NOTHING_CACHED, editions: NOTHING_CACHED };

  /** Phases are told on: who watches here has them as if they had been gone through here. */
  note({ thread, phases, seconds, caches }: Seen): void {
    this.busySeconds += seconds;
    this.caches.set(thread, caches);
    for (const phase of phases) tell(phase);
  }

  /** What they keep now, of those that still run. */
  cache(name: keyof ThreadCaches, running: ReadonlySet<number>): CacheState {
    for (const [thread, caches] of this.caches) if (!running.has(thread)) this.end(thread, caches);
    return together([this.ended[name], ...[...this.caches.values()].map((caches) => caches[name])]);
  }

  /** What it held is gone, what it counted is not. */
  private end(thread: number, { parts, editions }: ThreadCaches): void {
    this.caches.delete(thread);
    const counted = (before: CacheState, { hits, misses }: CacheState) =>
      together([before, { hits, misses, entries: 0 }]);
    this.ended = { parts: counted(this.ended.parts, parts), editions: counted(this.ended.editions, editions) };
  }
}
