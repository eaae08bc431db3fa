import { dnsLabel, quote } from '../../domain/model/names.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import type { Lasting } from '../../platform/http/kept-answers.js';
import { NUMBER_KEY, type Page, readPage, toPage } from '../../platform/http/page.js';
import { notFound, type Paging } from '../../platform/resource/resource.service.js';
import type { BundleCache } from '../../store/bundle.cache.js';
import type { Bundle, BundleStore } from '../../store/bundle.store.js';
import type { TagStore } from '../../store/tag.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import type { BundleDiff } from '../../work/diff-editions.js';
import type { StoredRepresentation } from '../../work/read-representation.js';
import type { AnswerType } from '../../work/written.js';
import { bufferOf } from './change-text.js';
import { type EditionLoader, sourceOf } from './edition.loader.js';
import type { EditionWork } from './edition-work.js';
import { OVERVIEW_FORMATS, type OverviewFormat } from './overview-format.js';
import type { TaggedBundle } from './bundle-view.js';
import { isTag, type PublishedRef, type VersionRef } from './version-ref.js';

/** What a version is served as: the YAML, as it is or compressed, the List that is made of it, or the archive. */
export type Representation = 'yaml' | 'yamlGzip' | 'json' | 'tar';

/** A representation of a bundle, byte for byte as it was published. */
export interface Manifests {
  readonly bundle: Bundle;
  readonly digest: string;
  readonly bytes: () => Promise<Buffer>;
}

/** Which edition of which environment. */
export interface EditionRef {
  readonly environment: string;
  readonly version: VersionRef;
}

function storedAs({ digest, blobs, jsonDigest }: Bundle, kind: Representation): StoredRepresentation {
  switch (kind) {
    case 'yaml':
      return { kind: 'unpacked', digest, yamlGzip: blobs.yamlGzip };
    case 'json':
      return { kind: 'list', digest: jsonDigest, yamlGzip: blobs.yamlGzip };
    case 'yamlGzip':
    case 'tar':
      return { kind: 'stored', digest: blobs[kind] };
  }
}

/** Reads what was published, and looks at the working model in the same ways. */
export class BundleService {
  constructor(
    private readonly units: UnitOfWork,
    private readonly bundles: BundleStore,
    private readonly cache: BundleCache,
    private readonly editions: EditionLoader,
    private readonly work: EditionWork,
    private readonly tags: TagStore,
  ) {}

  /** The versions with the tags that they have now. */
  async tagged(bundles: readonly Bundle[]): Promise<TaggedBundle[]> {
    const tags = await this.tags.ofVersions(this.units.reader, bundles);
    return bundles.map((bundle) => {
      const own = tags.filter((tag) => tag.environment === bundle.environment && tag.version === bundle.version);
      return { ...bundle, tags: own.map(({ name }) => name) };
    });
  }

  /** Newest first. Refuses (not-found) an environment that does not exist. */
  async list(ctx: RequestContext, environment: string, paging: Paging): Promise<Page<Bundle>> {
    requireScope(ctx, 'read', environment);
    if (dnsLabel(environment) !== undefined) throw notFound(`environment ${quote(environment)}`);
    const page = readPage(paging, ['bundle', environment], NUMBER_KEY);
    const rows = await this.bundles.list(this.units.reader, environment, { after: page.after, take: page.size + 1 });
    if (rows.length === 0) await this.editions.holdEnvironment(environment);
    return toPage(rows, page, ['bundle', environment], (bundle) => String(bundle.version));
  }

  async get(ctx: RequestContext, environment: string, version: PublishedRef): Promise<Bundle> {
    requireScope(ctx, 'read', environment);
    return this.editions.bundle(environment, version);
  }

  /** As get, with its tags. */
  async getTagged(ctx: RequestContext, environment: string, version: PublishedRef): Promise<TaggedBundle> {
    const bundle = await this.get(ctx, environment, version);
    const read = () => this.tagged([bundle]);
    const [tagged] = await this.units.readOrLast(`tagged ${environment} ${bundle.version}`, read);
    return tagged ?? { ...bundle, tags: [] };
  }

  async manifests(
    ctx: RequestContext,
    environment: string,
    version: PublishedRef,
    kind: Representation,
  ): Promise<Manifests> {
    const bundle = await this.get(ctx, environment, version);
    const [stored, source] = [storedAs(bundle, kind), sourceOf(bundle)];
    const { digest } = stored;
    const read = async () => bufferOf(await this.work.run('readRepresentation', stored, [source]));
    const asItIs = stored.kind === 'stored' && !(await this.work.isLarge(source));
    return { bundle, digest, bytes: () => (asItIs ? this.cache.bytes(digest) : this.cache.bytes(digest, read)) };
  }

  /** How long an answer with these manifests lasts: while they are in memory, and of `latest` while no other version is. Of a tag, not at all. */
  lasting({ bundle, digest }: Manifests, asked: PublishedRef): Lasting | undefined {
    if (isTag(asked)) return undefined;
    const { environment, version } = bundle;
    const isHeld = () => this.cache.heldBundle(environment, version) !== undefined;
    const isLatest = async () => (await this.cache.isLatest(environment, version)) && isHeld();
    const bytes = () => this.cache.heldBytes(digest);
    return { environment, holds: asked === 'latest' ? isLatest : isHeld, bytes };
  }

  /** What changes from one edition to another, of the same environment or of two. */
  async diff(ctx: RequestContext, from: EditionRef, to: EditionRef): Promise<BundleDiff> {
    const order = await this.diffOf(ctx, from, to);
    return this.work.run('diffEditions', order, [order.from, order.to]);
  }

  /** The same, written: the diff of large editions is written where it is made. */
  async writeDiff(ctx: RequestContext, from: EditionRef, to: EditionRef, type: AnswerType): Promise<Uint8Array> {
    const order = await this.diffOf(ctx, from, to);
    return this.work.run('writeDiff', { ...order, type }, [order.from, order.to]);
  }

  async overview(
    ctx: RequestContext,
    { environment, version }: EditionRef,
    format: OverviewFormat,
  ): Promise<Uint8Array> {
    requireScope(ctx, 'read', environment);
    const source = await this.editions.source(environment, version);
    const { written, drawn } = OVERVIEW_FORMATS[format];
    return drawn(await this.work.run('writeOverview', { source, format: written }, [source]));
  }

  private async diffOf(ctx: RequestContext, from: EditionRef, to: EditionRef) {
    requireScope(ctx, 'read', from.environment);
    requireScope(ctx, 'read', to.environment);
    return {
      from: await this.editions.source(from.environment, from.version),
      to: await this.editions.source(to.environment, to.version),
    };
  }
}
