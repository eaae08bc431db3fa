import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../../platform/auth/authenticator.js';
import { readWait } from '../../platform/http/prefer.js';
import { noneMatchHits } from '../../platform/http/preconditions.js';
import type { Wheel } from '../../platform/wheel.js';
import type { Arrival, Arrivals } from '../../store/arrivals.js';
import { SharedReads } from '../../store/shared-reads.js';
import type { PublishedRef } from './version-ref.js';

/** What is asked of an environment, and how it is read. */
export interface Asked<T> {
  readonly environment: string;
  readonly version: PublishedRef;
  /** Tells apart what is read of one version. */
  readonly what: string;
  readonly read: (version: PublishedRef) => Promise<Found<T>>;
}

export interface Found<T> {
  readonly value: T;
  readonly etag: string;
  readonly version: number;
}

type Ending = Arrival | 'time' | 'gone';

/**
 * Waiting in place of asking again: a read of `latest` whose answer would be 304 waits for a newer version, where the client prefers that
 * (`Prefer: wait=30`). Part of the doors of what `latest` names.
 */
export class LongPoll {
  /** Those who waited for the same are told at the same moment, and what they get does not depend on who they are. */
  private readonly reads = new SharedReads<Found<unknown>>();

  constructor(
    private readonly arrivals: Arrivals,
    private readonly wheel: Wheel,
    private readonly authenticator: Authenticator,
  ) {}

  /**
   * Reads, and reads again after each new version until the answer would not be 304, the time is over, the client goes away or the process ends.
   * Refuses what the read refuses, and (unauthenticated) a token that was revoked or expired meanwhile.
   */
  async read<T>(request: FastifyRequest, reply: FastifyReply, asked: Asked<T>): Promise<Found<T>> {
    const { authorization, prefer, 'if-none-match': known } = request.headers;
    let found = await asked.read(asked.version);
    const seconds = asked.version === 'latest' ? readWait(prefer) : undefined;
    if (seconds === undefined) return found;
    void reply.header('preference-applied', `wait=${seconds}`);
    if (!noneMatchHits(known, found.etag)) return found;
    const standing = await this.authenticator.standing(authorization);
    const end = performance.now() + seconds * 1000;
    while (noneMatchHits(known, found.etag)) {
      const ending = await this.ending(reply, asked.environment, found.version, end - performance.now());
      if (ending === 'closing') void reply.header('connection', 'close');
      if (typeof ending === 'string') return found;
      await standing.hold();
      found = await this.readAgain(asked, ending);
    }
    return found;
  }

  private readAgain<T>(asked: Asked<T>, arrived: number): Promise<Found<T>> {
    const key = `${asked.environment} ${arrived} ${asked.what}`;
    return this.reads.read(key, () => asked.read('latest')) as Promise<Found<T>>;
  }

  private ending(reply: FastifyReply, environment: string, version: number, ms: number): Promise<Ending> {
    if (reply.raw.destroyed) return Promise.resolve('gone');
    if (ms <= 0) return Promise.resolve('time');
    return new Promise((resolve) => {
      const settle = (ending: Ending) => {
        letGo();
        stop();
        reply.raw.off('close', gone);
        resolve(ending);
      };
      const gone = () => settle('gone');
      const letGo = this.arrivals.wait(environment, version, 'poll', settle);
      const stop = this.wheel.after(ms, () => settle('time'));
      reply.raw.once('close', gone);
    });
  }
}
