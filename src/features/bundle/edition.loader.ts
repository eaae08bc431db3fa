import { SluiceError } from '../../domain/errors.js';
import { dnsLabel } from '../../domain/model/names.js';
import { notFound } from '../../platform/resource/resource.service.js';
import type { BundleCache } from '../../store/bundle.cache.js';
import type { Bundle, BundleStore } from '../../store/bundle.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import { type EditionSource, noEnvironment } from '../../work/edition-source.js';
import type { VersionRef } from './version-ref.js';

/** Finds versions, and says what editions are read from. */
export class EditionLoader {
  constructor(
    private readonly units: UnitOfWork,
    private readonly bundles: BundleStore,
    private readonly cache: BundleCache,
  ) {}

  /** Refuses (not-found) naming the environment or the version that is missing, and (gone) a version that was removed. */
  async bundle(environment: string, version: number | 'latest'): Promise<Bundle> {
    if (dnsLabel(environment) !== undefined) throw noEnvironment(environment);
    const number = version === 'latest' ? await this.latestVersion(environment) : version;
    const bundle = number === undefined ? undefined : await this.cache.bundle(environment, number);
    if (bundle !== undefined) return bundle;
    await this.holdEnvironment(environment);
    if (version === 'latest') throw new SluiceError('not-found', `environment "${environment}" has no version yet`);
    const removal = await this.bundles.removal(this.units.reader, environment, version);
    if (removal === undefined) throw notFound(`version ${version} of environment "${environment}"`);
    const { removedAt, removedBy, reason } = removal;
    const why = reason === undefined ? '' : `: ${reason}`;
    const what = `version ${version} of environment "${environment}"`;
    throw new SluiceError('gone', `${what} was removed by retention (${removedBy}, ${removedAt})${why}`);
  }

  latestVersion(environment: string): Promise<number | undefined> {
    return this.bundles.latestVersion(this.units.sql(this.units.reader), environment);
  }

  /** Refuses as bundle does; whether the environment of a draft exists, says who reads it. */
  async source(environment: string, version: VersionRef): Promise<EditionSource> {
    if (version !== 'draft') return sourceOf(await this.bundle(environment, version));
    if (dnsLabel(environment) !== undefined) throw noEnvironment(environment);
    return { kind: 'draft', environment };
  }

  /** Refuses (not-found) an environment that does not exist. */
  async holdEnvironment(name: string): Promise<void> {
    if (dnsLabel(name) !== undefined || (await this.units.lookup('environment', { name })) === undefined)
      throw noEnvironment(name);
  }
}

export function sourceOf({ environment, version, digest, counts, blobs }: Bundle): EditionSource {
  const { snapshot, json } = blobs;
  return { kind: 'version', environment, version, digest, flows: counts.flows, blobs: { snapshot, json } };
}
