import { type SluiceError } from '../../domain/errors.js';
import { readReference } from '../../domain/oci/grammar.js';
import { type Content } from '../../domain/oci/content.js';
import { referrersIndex } from '../../domain/oci/referrers.js';
import { LATEST, moves, readTag, versionTags } from '../../domain/oci/tags.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import type { BundleCache } from '../../store/bundle.cache.js';
import type { RegistryStore, StoredEntry } from '../../store/registry.store.js';
import type { TagStore } from '../../store/tag.store.js';
import type { Sql } from '../../store/sql.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import { registryError, type RegistryPath, unknownRepository } from './registry-path.js';

/** What was found, and how to get its bytes. */
export interface Found extends StoredEntry {
  /** False: another one may be found under the same name later. */
  readonly immutable: boolean;
  readonly bytes: () => Promise<Buffer>;
}

/** Entries never change, so what was found once is right until versions are removed. */
const KNOWN_MAX = 20_000;

/** The published versions as a registry serves them: read-only, one repository an environment. */
export class RegistryService {
  private readonly known = new Map<string, StoredEntry>();
  private knownSince: number | undefined;

  constructor(
    private readonly units: UnitOfWork,
    private readonly cache: BundleCache,
    private readonly entries: RegistryStore,
    private readonly named: TagStore,
  ) {}

  /** A manifest by tag or digest. Refuses (not-found, MANIFEST_UNKNOWN) what there is not, (malformed, DIGEST_INVALID) another algorithm. */
  async manifest(ctx: RequestContext, { environment, repository, reference }: RegistryPath): Promise<Found> {
    requireScope(ctx, 'read', environment);
    const wanted = readReference(reference);
    if (wanted.kind === 'wrong') throw wrongReference(reference, wanted.violation.detail);
    const immutable = wanted.kind === 'digest' || !moves(wanted.tag);
    const entry =
      wanted.kind === 'digest'
        ? await this.byDigest(environment, wanted.digest)
        : await this.byTag(environment, wanted.tag);
    if (entry?.kind === 'manifest') return this.found(entry, immutable);
    await this.holdRepository(environment, repository);
    throw registryError('not-found', 'MANIFEST_UNKNOWN', `${repository} has no manifest ${reference}`);
  }

  /** A blob by digest. Refuses (not-found, BLOB_UNKNOWN) what no version of the environment has. */
  async blob(ctx: RequestContext, { environment, repository, reference }: RegistryPath): Promise<Found> {
    requireScope(ctx, 'read', environment);
    const wanted = readReference(reference);
    if (wanted.kind !== 'digest') throw wrongDigest(reference);
    const entry = await this.byDigest(environment, wanted.digest);
    if (entry !== undefined) return this.found(entry, true);
    await this.holdRepository(environment, repository);
    throw registryError('not-found', 'BLOB_UNKNOWN', `${repository} has no blob ${reference}`);
  }

  /** All tags of versions, the named ones among them, as ASCII sorts them; those of signatures are asked for by who knows them. */
  async tags(ctx: RequestContext, { environment, repository }: RegistryPath): Promise<string[]> {
    requireScope(ctx, 'read', environment);
    const read = () => this.entries.versions(this.sql, environment);
    const versions = await this.units.readOrLast(`versions ${environment}`, read);
    if (versions.length === 0) await this.holdRepository(environment, repository);
    const names = () => this.named.names(this.units.reader, environment);
    const moving =
      versions.length === 0 ? [] : [LATEST, ...(await this.units.readOrLast(`tags ${environment}`, names))];
    return [...versions.flatMap(versionTags), ...moving].sort();
  }

  /** The manifests about a manifest; none is an answer too. Refuses (malformed, DIGEST_INVALID) what is no digest. */
  async referrers(ctx: RequestContext, path: RegistryPath, artifactType: string | undefined): Promise<Content> {
    requireScope(ctx, 'read', path.environment);
    const wanted = readReference(path.reference);
    if (wanted.kind !== 'digest') throw wrongDigest(path.reference);
    const { environment } = path;
    const read = () => this.entries.referrers(this.sql, environment, wanted.digest);
    const referrers = await this.units.readOrLast(`referrers ${environment} ${wanted.digest}`, read);
    return referrersIndex(referrers, artifactType);
  }

  private async byTag(environment: string, tag: string): Promise<StoredEntry | undefined> {
    const meaning = readTag(tag);
    switch (meaning?.kind) {
      case undefined:
        return undefined;
      case 'named': {
        const named = await this.versionNamed(environment, meaning.name);
        return named === undefined ? undefined : this.byVersion(environment, named);
      }
      case 'signature':
        return this.units.readOrLast(`entry ${environment} ${tag}`, () =>
          this.entries.byTag(this.sql, environment, tag),
        );
      case 'version':
        return this.byVersion(environment, meaning.version);
      case 'latest': {
        const version = await this.cache.latestVersion(environment);
        return version === undefined ? undefined : this.byVersion(environment, version);
      }
    }
  }

  private async versionNamed(environment: string, name: string): Promise<number | undefined> {
    const read = () => this.named.named(this.units.reader, [{ environment, name }]);
    return (await this.units.readOrLast(`tag ${environment} ${name}`, read))[0]?.version;
  }

  private byVersion(environment: string, version: number): Promise<StoredEntry | undefined> {
    return this.remembered(`${environment} ${version}`, () => this.entries.byVersion(this.sql, environment, version));
  }

  private byDigest(environment: string, digest: string): Promise<StoredEntry | undefined> {
    return this.remembered(`${environment} ${digest}`, () => this.entries.byDigest(this.sql, environment, digest));
  }

  private async remembered(
    key: string,
    find: () => Promise<StoredEntry | undefined>,
  ): Promise<StoredEntry | undefined> {
    const { removals } = this.cache;
    if (removals === undefined || removals !== this.knownSince) this.known.clear();
    this.knownSince = removals;
    const known = this.known.get(key) ?? (await this.units.readOrLast(`entry ${key}`, find));
    if (known === undefined) return undefined;
    if (this.known.size >= KNOWN_MAX) this.known.clear();
    if (removals === this.cache.removals) this.known.set(key, known);
    return known;
  }

  /** Refuses (not-found, NAME_UNKNOWN) the repository of an environment that does not exist. */
  private async holdRepository(environment: string, repository: string): Promise<void> {
    const row = await this.units.lookup('environment', { name: environment });
    if (row === undefined) throw unknownRepository(repository);
  }

  private found(entry: StoredEntry, immutable: boolean): Found {
    return { ...entry, immutable, bytes: () => this.cache.bytes(entry.digest) };
  }

  private get sql(): Sql {
    return this.units.sql(this.units.reader);
  }
}

function wrongReference(reference: string, detail: string): SluiceError {
  return reference.includes(':') ? wrongDigest(reference) : registryError('not-found', 'MANIFEST_UNKNOWN', detail);
}

function wrongDigest(reference: string): SluiceError {
  const message = `${JSON.stringify(reference)} is no digest: use sha256: and 64 lower-case hexadecimal digits`;
  return registryError('malformed', 'DIGEST_INVALID', message);
}
