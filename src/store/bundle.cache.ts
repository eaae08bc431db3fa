import type { Bundle, BundleStore } from './bundle.store.js';
import { ContentGone, type ContentStore } from './content.store.js';
import type { Database } from './database.js';
import { FreshReads } from './fresh-reads.js';
import type { Notifications } from './notifications.js';
import { BUNDLES_CHANNEL } from './retention.store.js';
import { SharedReads } from './shared-reads.js';
import { type CacheState, CacheTally } from '../seeing/cache-tally.js';

const BYTES_MAX = 64 * 1024 * 1024;
const BUNDLES_MAX = 2_000;
/** What the keys of versions begin with, in what the database said last. */
const BUNDLE = 'bundle ';

/**
 * Published versions and their bytes, kept in memory: they never change, so what was read once is right while it is there. A removal in any
 * process empties the memory of all of them (NOTIFY), and while that channel is down no version is remembered. What is *latest* is never
 * remembered: it is asked for after each question, once for all that ask meanwhile.
 */
export class BundleCache {
  private readonly bundles = new Map<string, Bundle>();
  private readonly blobs = new Map<string, Buffer>();
  private readonly bundleReads = new SharedReads<Bundle | undefined>();
  private readonly byteReads = new SharedReads<Buffer>();
  private readonly latestReads = new FreshReads<number | undefined>();
  private held = 0;
  private readonly ofVersions = new CacheTally();
  private readonly ofContents = new CacheTally();
  /** Counts removals, so that a version read before one is not remembered after it. */
  private epoch = 0;

  constructor(
    private readonly database: Database,
    private readonly notifications: Notifications,
    private readonly store: BundleStore,
    private readonly contents: ContentStore,
  ) {
    notifications.on(BUNDLES_CHANNEL, () => this.forget());
  }

  /** How often something was removed, as far as this process was told: what was found before may be gone after. Undefined while nobody tells. */
  get removals(): number | undefined {
    return this.notifications.connected ? this.epoch : undefined;
  }

  get states(): { readonly versions: CacheState; readonly contents: CacheState } {
    return {
      versions: this.ofVersions.state({ entries: this.bundles.size }),
      contents: this.ofContents.state({ entries: this.blobs.size, bytes: this.held }),
    };
  }

  /** Forgets every version: after a removal, here or elsewhere, also for when the database is away. Bytes stay right by their digest. */
  forget(): void {
    this.epoch++;
    this.bundles.clear();
    this.database.lastKnown.forget(BUNDLE);
  }

  /** A version that is in memory, and was not removed as far as anybody can know. */
  heldBundle(environment: string, version: number): Bundle | undefined {
    const known = this.notifications.connected ? this.bundles.get(keyOf(environment, version)) : undefined;
    if (known !== undefined) this.ofVersions.hits++;
    return known;
  }

  /** The number of the latest version, as it is after the question; as it was last, while the database does not answer. */
  latestVersion(environment: string): Promise<number | undefined> {
    const read = () => this.store.latestVersion(this.database.sql, environment);
    return this.latestReads.read(environment, () => this.database.lastKnown.read(`latest ${environment}`, read));
  }

  /** Does the database say so now? Not, where it does not answer. */
  async isLatest(environment: string, version: number): Promise<boolean> {
    const { lastKnown } = this.database;
    const asked = lastKnown.now();
    return (await this.latestVersion(environment)) === version && lastKnown.usedAt < asked;
  }

  async bundle(environment: string, version: number): Promise<Bundle | undefined> {
    const known = this.heldBundle(environment, version);
    if (known !== undefined) return known;
    const key = keyOf(environment, version);
    const { removals } = this;
    this.ofVersions.misses++;
    const read = () =>
      this.database.lastKnown.read(BUNDLE + key, () => this.store.get(this.database.prisma, environment, version));
    const bundle = await (removals === undefined ? read() : this.bundleReads.read(`${removals} ${key}`, read));
    if (bundle === undefined) return undefined;
    if (this.bundles.size >= BUNDLES_MAX) this.bundles.clear();
    if (removals === this.removals) this.bundles.set(key, bundle);
    return bundle;
  }

  /** Bytes that are in memory; least recently used ones are let go first. */
  heldBytes(digest: string): Buffer | undefined {
    const known = this.blobs.get(digest);
    if (known === undefined) return undefined;
    this.ofContents.hits++;
    this.blobs.delete(digest);
    this.blobs.set(digest, known);
    return known;
  }

  /** The bytes of a digest that a bundle names. Refuses (ContentGone) what was removed just now. */
  async bytes(digest: string, read = () => this.read(digest)): Promise<Buffer> {
    const known = this.heldBytes(digest);
    if (known !== undefined) return known;
    this.ofContents.misses++;
    const bytes = await this.byteReads.read(digest, read);
    this.keep(digest, bytes);
    return bytes;
  }

  private async read(digest: string): Promise<Buffer> {
    const [blob] = await this.contents.get(this.database.sql, [digest]);
    if (blob === undefined) throw new ContentGone(digest);
    return blob.bytes;
  }

  private keep(digest: string, bytes: Buffer): void {
    if (bytes.length > BYTES_MAX / 4 || this.blobs.has(digest)) return;
    this.blobs.set(digest, bytes);
    this.held += bytes.length;
    for (const [oldest, gone] of this.blobs) {
      if (this.held <= BYTES_MAX) return;
      this.blobs.delete(oldest);
      this.held -= gone.length;
    }
  }
}

function keyOf(environment: string, version: number): string {
  return `${environment}/${version}`;
}
