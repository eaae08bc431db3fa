import { asIfIn } from '../../domain/diff/across-environments.js';
import type { Change } from '../../domain/diff/change/change.js';
import { changeOf } from '../../domain/diff/change/change-of.js';
import { diffFlows } from '../../domain/diff/flows.js';
import { diffObjects } from '../../domain/diff/objects.js';
import { dnsLabel, quote } from '../../domain/model/names.js';
import { overview } from '../../domain/overview/overview.js';
import type { OverviewModel } from '../../domain/overview/overview-model.js';
import { renderBundle } from '../../domain/render/bundle.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import { NUMBER_KEY, type Page, readPage, toPage } from '../../platform/http/page.js';
import { notFound, type Paging } from '../../platform/resource/resource.service.js';
import type { BundleCache } from '../../store/bundle.cache.js';
import type { BundleBlobs } from '../../store/bundle-blobs.js';
import type { Bundle, BundleStore } from '../../store/bundle.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import type { Edition, EditionLoader } from './edition.loader.js';
import type { VersionRef } from './version-ref.js';

/** A representation of a bundle, as it was stored at the publish. */
export interface Manifests {
  readonly bundle: Bundle;
  readonly digest: string;
  readonly bytes: () => Promise<Buffer>;
}

export interface BundleDiff extends Change {
  readonly before: Pick<Edition, 'environment' | 'version' | 'digest'>;
  readonly after: Pick<Edition, 'environment' | 'version' | 'digest'>;
  readonly objects: ReturnType<typeof diffObjects>;
  readonly flows: ReturnType<typeof diffFlows>;
}

type Changes = Omit<BundleDiff, 'before' | 'after'>;

/** Which edition of which environment. */
export interface EditionRef {
  readonly environment: string;
  readonly version: VersionRef;
}

/** Reads what was published, and looks at the working model in the same ways. */
export class BundleService {
  constructor(
    private readonly units: UnitOfWork,
    private readonly bundles: BundleStore,
    private readonly cache: BundleCache,
    private readonly editions: EditionLoader,
  ) {}

  /** Newest first. Refuses (not-found) an environment that does not exist. */
  async list(ctx: RequestContext, environment: string, paging: Paging): Promise<Page<Bundle>> {
    requireScope(ctx, 'read', environment);
    if (dnsLabel(environment) !== undefined) throw notFound(`environment ${quote(environment)}`);
    const page = readPage(paging, ['bundle', environment], NUMBER_KEY);
    const rows = await this.bundles.list(this.units.reader, environment, { after: page.after, take: page.size + 1 });
    if (rows.length === 0) await this.editions.snapshot(environment, 'draft');
    return toPage(rows, page, ['bundle', environment], (bundle) => String(bundle.version));
  }

  async get(ctx: RequestContext, environment: string, version: number | 'latest'): Promise<Bundle> {
    requireScope(ctx, 'read', environment);
    return this.editions.bundle(environment, version);
  }

  async manifests(
    ctx: RequestContext,
    environment: string,
    version: number | 'latest',
    kind: keyof BundleBlobs,
  ): Promise<Manifests> {
    const bundle = await this.get(ctx, environment, version);
    const digest = bundle.blobs[kind];
    return { bundle, digest, bytes: () => this.cache.bytes(digest) };
  }

  /** What changes from one edition to another, of the same environment or of two. */
  async diff(ctx: RequestContext, from: EditionRef, to: EditionRef): Promise<BundleDiff> {
    requireScope(ctx, 'read', from.environment);
    requireScope(ctx, 'read', to.environment);
    const before = await this.editions.edition(from.environment, from.version);
    const after = await this.editions.edition(to.environment, to.version);
    const changes = from.environment === to.environment ? changesWithin(before, after) : changesAcross(before, after);
    return { before: nameOf(before), after: nameOf(after), ...changes };
  }

  async overview(ctx: RequestContext, { environment, version }: EditionRef): Promise<OverviewModel> {
    requireScope(ctx, 'read', environment);
    return overview((await this.editions.snapshot(environment, version)).snapshot);
  }
}

function changesWithin(before: Edition, after: Edition): Changes {
  return {
    objects: diffObjects(before.policies, after.policies),
    flows: diffFlows(before.snapshot, after.snapshot),
    ...changeOf(before.snapshot, after.snapshot),
  };
}

/** That the environments have other names and namespaces is not a change. */
function changesAcross(before: Edition, after: Edition): Changes {
  const moved = asIfIn(before.snapshot, after.snapshot);
  return {
    objects: diffObjects(renderBundle(moved).policies, after.policies),
    flows: diffFlows(moved, after.snapshot),
    ...changeOf(moved, after.snapshot),
  };
}

function nameOf({ environment, version, digest }: Edition): Pick<Edition, 'environment' | 'version' | 'digest'> {
  return { environment, version, digest };
}
