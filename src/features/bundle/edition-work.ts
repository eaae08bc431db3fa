import type { BundleCache } from '../../store/bundle.cache.js';
import { ContentGone, type ContentStore } from '../../store/content.store.js';
import type { Db } from '../../store/database.js';
import type { EditionBytes } from '../../store/edition-bytes.js';
import type { ModelNow, SnapshotStore } from '../../store/snapshot.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import type { AskedSource, Read } from '../../work/asked/ask-edition.js';
import type { Asked } from '../../work/asked/asked-edition.js';
import type { EditionSource } from '../../work/edition-source.js';
import { type EditionJobInput, type EditionJobName, type EditionJobResult, runEditionJob } from '../../work/jobs.js';
import type { RenderedEdition, RenderEdition } from '../../work/render-edition.js';
import type { WorkPool } from '../../work/work-pool.js';

/** Where editions are worked on: here, where they are small, and in threads with a connection of their own, where they are large. */
export class EditionWork {
  private readonly here: EditionBytes;

  constructor(
    private readonly pool: WorkPool,
    private readonly units: UnitOfWork,
    private readonly snapshots: SnapshotStore,
    cache: BundleCache,
    private readonly contents: ContentStore,
  ) {
    this.here = { ...this.bytesIn(units.reader), blob: (digest) => cache.bytes(digest) };
  }

  /** What editions are made of, read in a transaction. */
  bytesIn(db: Db): EditionBytes {
    const sql = this.units.sql(db);
    return {
      sql,
      snapshot: (environment) => this.snapshots.read(db, environment),
      blob: async (digest) => {
        const [blob] = await this.contents.get(sql, [digest]);
        if (blob === undefined) throw new ContentGone(digest);
        return blob.bytes;
      },
    };
  }

  /** The working model counts as a whole: an environment rarely has much less. */
  async isLarge(source: EditionSource): Promise<boolean> {
    return source.kind === 'version' ? source.flows >= this.pool.largeFlows : this.modelIsLarge();
  }

  async modelIsLarge(): Promise<boolean> {
    return (await this.now()).hasFlows;
  }

  /** The revision of the model, and whether it is large. */
  now(): Promise<ModelNow> {
    return this.snapshots.now(this.units.reader, this.pool.largeFlows);
  }

  /** Runs a job about these editions. Refuses what the job refuses. */
  async run<N extends EditionJobName>(
    name: N,
    input: EditionJobInput<N>,
    about: readonly EditionSource[],
  ): Promise<EditionJobResult<N>> {
    for (const source of about) if (await this.isLarge(source)) return this.inThread(name, input);
    return runEditionJob(name, input, this.here);
  }

  /** Of what is at hand: in a thread where its input is large. */
  render(order: RenderEdition, bytes: number): Promise<RenderedEdition> {
    return this.pool.run('renderEdition', order, bytes);
  }

  /** In any case. */
  inThread<N extends EditionJobName>(name: N, input: EditionJobInput<N>): Promise<EditionJobResult<N>> {
    return this.pool.runOnEditions(name, input, this.units.url);
  }

  /** An edition in the thread that keeps large ones ready. */
  askedInThread(asked: AskedSource): Asked {
    return { ask: (question) => this.pool.ask(asked, question, this.units.url) };
  }

  /** Reads here what a small edition is made of. */
  readonly read: Read = (read) => read(this.here);
}
