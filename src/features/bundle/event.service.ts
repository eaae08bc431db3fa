import { SluiceError } from '../../domain/errors.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import { shorten } from '../../schema/parse.js';
import type { Arrivals } from '../../store/arrivals.js';
import type { BundleCache } from '../../store/bundle.cache.js';
import type { Bundle, BundleStore, PublishEvent } from '../../store/bundle.store.js';
import { SharedReads } from '../../store/shared-reads.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import type { EditionLoader } from './edition.loader.js';
import { Following } from './following.js';

/** How many events are read at a time, and held for a client that takes them slowly. */
const PAGE = 100;

/** Follows the versions of an environment. */
export class EventService {
  /** Those who wait for the same version are told at the same moment. */
  private readonly reads = new SharedReads<readonly PublishEvent[]>();

  constructor(
    private readonly units: UnitOfWork,
    private readonly bundles: BundleStore,
    private readonly cache: BundleCache,
    private readonly editions: EditionLoader,
    private readonly arrivals: Arrivals,
  ) {}

  /**
   * What is published after the version that was told last (0: all there is), or from now on where none is named. Refuses (not-found) an environment
   * that does not exist, and (malformed) a version that it never had.
   */
  async follow(ctx: RequestContext, environment: string, last: string | undefined): Promise<Following> {
    const after = await this.start(ctx, environment, last);
    const read = (from: number) => this.read(environment, from);
    return new Following(this.arrivals, { environment, after, kind: 'events', read });
  }

  /** As follow from now on, with all there is to say of each version. */
  async published(ctx: RequestContext, environment: string): Promise<AsyncIterableIterator<Bundle>> {
    const after = await this.start(ctx, environment, undefined);
    const read = (from: number) => this.read(environment, from);
    const following = new Following(this.arrivals, { environment, after, kind: 'subscription', read });
    return new BundlesOf(following, (version) => this.cache.bundle(environment, version));
  }

  private async start(ctx: RequestContext, environment: string, last: string | undefined): Promise<number> {
    requireScope(ctx, 'read', environment);
    await this.editions.holdEnvironment(environment);
    const latest = (await this.cache.latestVersion(environment)) ?? 0;
    this.arrivals.learn(environment, latest); // this process may not have been told of it
    return last === undefined ? latest : readLast(last, environment, latest);
  }

  private read(environment: string, after: number): Promise<readonly PublishEvent[]> {
    const sql = this.units.sql(this.units.reader);
    return this.reads.read(`${environment} ${after}`, () => this.bundles.eventsAfter(sql, environment, after, PAGE));
  }
}

function readLast(text: string, environment: string, latest: number): number {
  const version = /^[0-9]{1,9}$/.test(text) ? Number(text) : NaN;
  if (version <= latest) return version;
  const detail = `Last-Event-ID is the number of a version of environment "${environment}", 0 to ${latest}`;
  throw new SluiceError('malformed', detail, [
    { pointer: '#/Last-Event-ID', code: 'no-such-event', detail, value: shorten(text) },
  ]);
}

/** The versions of pages, one at a time. One that retention removed meanwhile is left out. */
class BundlesOf implements AsyncIterableIterator<Bundle> {
  private versions: number[] = [];

  constructor(
    private readonly following: Following,
    private readonly read: (version: number) => Promise<Bundle | undefined>,
  ) {}

  async next(): Promise<IteratorResult<Bundle, undefined>> {
    for (;;) {
      const version = this.versions.shift();
      if (version === undefined) {
        const page = await this.following.next();
        if (page.done === true) return { value: undefined, done: true };
        this.versions = page.value.map((event) => event.version);
        continue;
      }
      const bundle = await this.read(version);
      if (bundle !== undefined) return { value: bundle, done: false };
    }
  }

  async return(): Promise<IteratorResult<Bundle, undefined>> {
    await this.following.return();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
