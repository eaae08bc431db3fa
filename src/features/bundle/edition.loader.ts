import { SluiceError } from '../../domain/errors.js';
import { renderBundle } from '../../domain/render/bundle.js';
import type { NetworkPolicy } from '../../domain/kubernetes/network-policy.js';
import type { Snapshot } from '../../domain/model/snapshot.js';
import { dnsLabel } from '../../domain/model/names.js';
import { notFound } from '../../platform/resource/resource.service.js';
import type { BundleCache } from '../../store/bundle.cache.js';
import type { Bundle, BundleStore } from '../../store/bundle.store.js';
import type { SnapshotStore } from '../../store/snapshot.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import type { VersionRef } from './version-ref.js';

/** What can be looked at of a version, or of the working model as it would be published now. */
export interface Edition {
  readonly environment: string;
  readonly version: number | 'draft';
  readonly digest: string;
  readonly snapshot: Snapshot;
  readonly policies: readonly NetworkPolicy[];
}

/** Finds versions, and reads what they were made of. */
export class EditionLoader {
  constructor(
    private readonly units: UnitOfWork,
    private readonly bundles: BundleStore,
    private readonly cache: BundleCache,
    private readonly snapshots: SnapshotStore,
  ) {}

  /** Refuses (not-found) naming the environment or the version that is missing. */
  async bundle(environment: string, version: number | 'latest'): Promise<Bundle> {
    if (dnsLabel(environment) !== undefined) throw notFound(`environment ${JSON.stringify(environment)}`);
    const number = version === 'latest' ? await this.bundles.latestVersion(this.units.reader, environment) : version;
    const bundle = number === undefined ? undefined : await this.cache.bundle(environment, number);
    if (bundle !== undefined) return bundle;
    await this.draftSnapshot(environment);
    if (version === 'latest') throw new SluiceError('not-found', `environment "${environment}" has no version yet`);
    throw notFound(`version ${version} of environment "${environment}"`);
  }

  /** The snapshot behind a version: all that an overview or a list of connections needs. */
  async snapshot(environment: string, version: VersionRef): Promise<{ version: number | 'draft'; snapshot: Snapshot }> {
    if (version === 'draft') return { version, snapshot: await this.draftSnapshot(environment) };
    const bundle = await this.bundle(environment, version);
    return { version: bundle.version, snapshot: await this.snapshotOf(bundle) };
  }

  async edition(environment: string, version: VersionRef): Promise<Edition> {
    if (version === 'draft') {
      const snapshot = await this.draftSnapshot(environment);
      const { digest, policies } = renderBundle(snapshot);
      return { environment, version, digest, snapshot, policies };
    }
    const bundle = await this.bundle(environment, version);
    return {
      environment,
      version: bundle.version,
      digest: bundle.digest,
      snapshot: await this.snapshotOf(bundle),
      policies: await this.policiesOf(bundle),
    };
  }

  /** An edition without the snapshot behind it: nothing is asked of the model. */
  async rendered(environment: string, version: VersionRef): Promise<Omit<Edition, 'snapshot'>> {
    if (version === 'draft') return this.edition(environment, version);
    const bundle = await this.bundle(environment, version);
    return { environment, version: bundle.version, digest: bundle.digest, policies: await this.policiesOf(bundle) };
  }

  async snapshotOf(bundle: Bundle): Promise<Snapshot> {
    return JSON.parse((await this.cache.bytes(bundle.blobs.snapshot)).toString()) as Snapshot;
  }

  async policiesOf(bundle: Bundle): Promise<readonly NetworkPolicy[]> {
    return (JSON.parse((await this.cache.bytes(bundle.blobs.json)).toString()) as { items: NetworkPolicy[] }).items;
  }

  private async draftSnapshot(environment: string): Promise<Snapshot> {
    const snapshot =
      dnsLabel(environment) === undefined ? await this.snapshots.load(this.units.reader, environment) : undefined;
    if (snapshot === undefined) throw notFound(`environment ${JSON.stringify(environment)}`);
    return snapshot;
  }
}
