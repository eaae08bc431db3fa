import { SluiceError } from '../../domain/errors.js';
import { dnsLabel } from '../../domain/model/names.js';
import { notFound } from '../../platform/resource/resource.service.js';
import { missing } from '../../domain/validate/references.js';
import type { BundleCache } from '../../store/bundle.cache.js';
import type { Bundle, BundleStore } from '../../store/bundle.store.js';
import type { TagStore } from '../../store/tag.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import { type EditionSource, noEnvironment, type VersionSource } from '../../work/edition-source.js';
import { VersionRemoved } from './version-removed.js';
import { isTag, type PublishedRef, type TagRef, type VersionRef } from './version-ref.js';

/** Finds versions, and says what editions are read from. */
export class EditionLoader {
  constructor(
    private readonly units: UnitOfWork,
    private readonly bundles: BundleStore,
    private readonly cache: BundleCache,
    private readonly tags: TagStore,
  ) {}

  /** Refuses (not-found) naming the environment, the version or the tag that is missing, and (gone) a version that was removed. */
  async bundle(environment: string, version: PublishedRef): Promise<Bundle> {
    if (dnsLabel(environment) !== undefined) throw noEnvironment(environment);
    const number = await this.numberOf(environment, version);
    const bundle = number === undefined ? undefined : await this.cache.bundle(environment, number);
    if (bundle !== undefined) return bundle;
    await this.holdEnvironment(environment);
    if (number !== undefined) throw await this.noVersion(environment, number);
    if (isTag(version)) throw await this.noTag(environment, version);
    throw new SluiceError('not-found', `environment "${environment}" has no version yet`);
  }

  /** The number of a version as it is now; nothing where there is no such tag, or no version at all. */
  private async numberOf(environment: string, version: PublishedRef): Promise<number | undefined> {
    if (typeof version === 'number') return version;
    if (version === 'latest') return this.cache.latestVersion(environment);
    const { tag: name } = version;
    const named = () => this.tags.named(this.units.reader, [{ environment, name }]);
    return (await this.units.readOrLast(`tag ${environment} ${name}`, named))[0]?.version;
  }

  /** Refuses as bundle does; whether the environment of a draft exists, says who reads it. */
  async source(environment: string, version: VersionRef): Promise<EditionSource> {
    if (version !== 'draft') return sourceOf(await this.bundle(environment, version));
    if (dnsLabel(environment) !== undefined) throw noEnvironment(environment);
    return { kind: 'draft', environment };
  }

  private async noVersion(environment: string, version: number): Promise<SluiceError> {
    const what = `version ${version} of environment "${environment}"`;
    const removal = await this.bundles.removal(this.units.reader, environment, version);
    if (removal === undefined) return notFound(what);
    return new VersionRemoved(what, removal);
  }

  private async noTag(environment: string, { tag }: TagRef): Promise<SluiceError> {
    const have = await this.tags.names(this.units.reader, environment);
    const { detail } = missing('#', 'tag', tag, `environment "${environment}"`, have);
    return new SluiceError('not-found', detail);
  }

  /** Refuses (not-found) an environment that does not exist. */
  async holdEnvironment(name: string): Promise<void> {
    if (dnsLabel(name) !== undefined || (await this.units.lookup('environment', { name })) === undefined)
      throw noEnvironment(name);
  }
}

export function sourceOf({ environment, version, digest, counts, blobs }: Bundle): VersionSource {
  const { snapshot, yamlGzip } = blobs;
  return { kind: 'version', environment, version, digest, flows: counts.flows, blobs: { snapshot, yamlGzip } };
}
