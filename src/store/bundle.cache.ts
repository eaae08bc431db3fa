import type { Bundle, BundleStore } from './bundle.store.js';
import type { ContentStore } from './content.store.js';
import type { Database } from './database.js';

const BYTES_MAX = 64 * 1024 * 1024;
const BUNDLES_MAX = 2_000;

/**
 * Published versions and their bytes, kept in memory: they never change, so what was read once is right for ever.
 * What is *latest* is asked anew each time.
 */
export class BundleCache {
  private readonly bundles = new Map<string, Bundle>();
  private readonly blobs = new Map<string, Buffer>();
  private held = 0;

  constructor(
    private readonly database: Database,
    private readonly store: BundleStore,
    private readonly contents: ContentStore,
  ) {}

  async bundle(environment: string, version: number): Promise<Bundle | undefined> {
    const key = `${environment}/${version}`;
    const known = this.bundles.get(key);
    if (known !== undefined) return known;
    const bundle = await this.store.get(this.database.prisma, environment, version);
    if (bundle === undefined) return undefined;
    if (this.bundles.size >= BUNDLES_MAX) this.bundles.clear();
    this.bundles.set(key, bundle);
    return bundle;
  }

  /** The bytes of a digest that a bundle names; least recently used ones are let go first. */
  async bytes(digest: string, read = () => this.read(digest)): Promise<Buffer> {
    const known = this.blobs.get(digest);
    if (known !== undefined) {
      this.blobs.delete(digest);
      this.blobs.set(digest, known);
      return known;
    }
    const bytes = await read();
    this.keep(digest, bytes);
    return bytes;
  }

  private async read(digest: string): Promise<Buffer> {
    const [blob] = await this.contents.get(this.database.sql, [digest]);
    if (blob === undefined) throw new Error(`blob ${digest} is missing`);
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
