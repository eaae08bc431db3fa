import type { Proof } from '../../domain/prove/proof.js';
import type { ListedChange } from '../../domain/diff/change/listed.js';
import type { RequestContext } from '../../platform/context.js';
import type { Bundle, BundleStore, ProofSummary } from '../../store/bundle.store.js';
import { ContentGone, type ContentStore, type StoredContents } from '../../store/content.store.js';
import type { Db } from '../../store/database.js';
import type { RegistryStore } from '../../store/registry.store.js';
import type { SnapshotStore } from '../../store/snapshot.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import { changeBetween } from '../../work/diff-editions.js';
import { noEnvironment, type VersionSource } from '../../work/edition-source.js';
import {
  namesOf,
  readPredecessor,
  readPromoted,
  type RenderedSource,
  type SaidEdition,
} from '../../work/prepare-edition.js';
import type { Purpose, RenderedEdition, RenderEdition } from '../../work/render-edition.js';
import { phase } from '../../seeing/phase.js';
import { type Candidate, type CandidateSource, originOf } from './candidate.js';
import { sourceOf } from './edition.loader.js';
import type { EditionWork } from './edition-work.js';

/** The stores that hold what versions are made of. */
export interface CandidateStores {
  readonly bundles: BundleStore;
  readonly contents: ContentStore;
  readonly registry: RegistryStore;
  readonly snapshots: SnapshotStore;
}

/** Rows leave out what they need not say: what they are rendered and written as is more than other input of their length. */
const ROWS_WEIGHT = 2;

/** Makes what may become the next version of an environment, from the model, from a version of another one, or from an earlier version. */
export class CandidateMaker {
  constructor(
    private readonly units: UnitOfWork,
    private readonly stores: CandidateStores,
    private readonly work: EditionWork,
  ) {}

  /** Whether the working model is large: to be asked ahead, as within a transaction nobody may wait for a second connection. */
  modelIsLarge(): Promise<boolean> {
    return this.work.modelIsLarge();
  }

  /** In a thread where the model is large, or what is promoted. Refuses (not-found) an environment that does not exist, and (invalid) a promotion whose flows would not hold in it. */
  async make(
    db: Db,
    ctx: RequestContext,
    environment: string,
    { source, modelIsLarge }: { readonly source: CandidateSource; readonly modelIsLarge: boolean },
  ): Promise<Candidate> {
    if (source.kind === 'rollback') return this.earlier(db, ctx, environment, source.version);
    const rendered = renderedSource(source);
    const promotes = rendered.kind === 'promotion' && (await this.work.isLarge(rendered.version));
    const large = modelIsLarge || promotes;
    const made = await (large
      ? this.large(db, ctx, environment, rendered)
      : this.small(db, ctx, environment, rendered));
    return { ...made, origin: originOf(source) };
  }

  /**
   * A large estate: read, rendered and proved in a thread, which also stores the bytes, as they are most of the writing. It has a connection of its
   * own, and sees what is committed: under the lock that is all there is.
   */
  private async large(
    db: Db,
    { dryRun }: RequestContext,
    environment: string,
    source: RenderedSource,
  ): Promise<Omit<Candidate, 'origin'>> {
    const latest = await this.stores.bundles.head(db, environment);
    const order = { environment, source, latest, purpose: dryRun ? 'dry-run' : 'publish' } as const;
    const { stored, ...edition } = await this.work.inThread('prepareEdition', order);
    const held = (into: Db): Promise<StoredContents> => {
      const written = writtenOf(edition, stored);
      return dryRun ? Promise.resolve(written) : this.stores.contents.hold(this.units.sql(into), written);
    };
    return { latest, edition, stored: held };
  }

  private async small(
    db: Db,
    { dryRun }: RequestContext,
    environment: string,
    source: RenderedSource,
  ): Promise<Omit<Candidate, 'origin'>> {
    const { latest, edition } = await this.rendered(db, environment, source, 'publish');
    const { contents, ...said } = edition;
    const stored = (into: Db): Promise<StoredContents> => {
      const written = writtenOf(edition, contents);
      if (dryRun) return Promise.resolve(namesOf(written));
      return phase('store', () => this.stores.contents.putHeld(this.units.sql(into), written));
    };
    return { latest, edition: said, stored };
  }

  /** Refuses as make does. */
  async rendered(
    db: Db,
    environment: string,
    source: RenderedSource,
    purpose: Purpose,
  ): Promise<{ readonly latest: Candidate['latest']; readonly edition: RenderedEdition }> {
    const { latest, ...read } = await phase('load', () => this.load(db, environment, source, purpose));
    const bytes = ROWS_WEIGHT * read.snapshot.length + (read.promoted?.snapshot.length ?? 0);
    return { latest, edition: await this.work.render(read, bytes) };
  }

  private async load(
    db: Db,
    environment: string,
    source: RenderedSource,
    purpose: Purpose,
  ): Promise<RenderEdition & { readonly latest: Candidate['latest'] }> {
    const { bundles, contents, snapshots } = this.stores;
    const snapshot = await snapshots.read(db, environment);
    if (snapshot === undefined) throw noEnvironment(environment);
    const sql = this.units.sql(db);
    const latest = await bundles.head(db, environment);
    const predecessor = latest && (await readPredecessor(contents, sql, latest, purpose));
    return { snapshot, latest, predecessor, promoted: await readPromoted(contents, sql, source), purpose };
  }

  /** An earlier version: its bytes were proved, and are there; what is new is what changes by going back to it. */
  private async earlier(db: Db, { dryRun }: RequestContext, environment: string, to: Bundle): Promise<Candidate> {
    const { bundles, contents, registry } = this.stores;
    const latest = await bundles.head(db, environment);
    const before = latest && (await bundles.get(db, environment, latest.version));
    const changes = await this.changeBetween(db, { from: sourceOf(before ?? to), to: sourceOf(to) });
    const { revision, digest, counts, findings, proof, blobs, jsonDigest } = to;
    const stored = async (into: Db): Promise<StoredContents> => {
      const sql = this.units.sql(into);
      const archive = await registry.archive(sql, environment, to.version);
      if (archive === undefined) throw new ContentGone(blobs.tar); // removed since it was found: to be looked for again
      const stored = { blobs, jsonDigest, archive };
      return dryRun ? stored : contents.hold(sql, stored);
    };
    const edition = {
      ...{ environment, revision, digest, counts, findings, proof: proofOf(proof) },
      changes: { objects: [], flows: [], ...changes },
    };
    return { latest, edition, origin: originOf({ kind: 'rollback', version: to }), stored };
  }

  /** Reads small versions in the transaction: whoever holds the lock may not wait for a second connection, as those that wait for it have them. */
  private async changeBetween(
    db: Db,
    order: { readonly from: VersionSource; readonly to: VersionSource },
  ): Promise<ListedChange> {
    for (const source of [order.from, order.to])
      if (await this.work.isLarge(source)) return this.work.inThread('changeBetween', order);
    return changeBetween(order, this.work.bytesIn(db));
  }
}

/** Of a version no more than where it is read from: what there is to say of a large one is long. */
function renderedSource(source: Exclude<CandidateSource, { readonly kind: 'rollback' }>): RenderedSource {
  return source.kind === 'model' ? source : { kind: 'promotion', version: sourceOf(source.version) };
}

/** What a version kept of its proof, which was without a difference. */
function proofOf({ equal, compared, caveats }: ProofSummary): Proof {
  const none = { differences: [], differenceCount: 0, objections: [], objectionCount: 0 };
  return { equal, compared, ...none, caveats, caveatCount: caveats.length };
}

/** What is neither that of the predecessor nor refused was written. */
function writtenOf<T>({ digest }: SaidEdition, written: T | undefined): T {
  if (written === undefined) throw new Error(`nothing was written of ${digest}`);
  return written;
}
