import { requireScope } from '../../platform/context.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { Relation } from '../../platform/graphql/relation.js';
import type { Bundle, BundleStore } from '../../store/bundle.store.js';
import type { SnapshotStore } from '../../store/snapshot.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import { AskedEdition, renderedNow } from './asked-edition.js';
import type { EditionLoader } from './edition.loader.js';
import { readVersion, type VersionRef } from './version-ref.js';

/**
 * What is kept in all: editions, and flows and tiers in them. An estate of 10,000 tiers and 100,000 flows takes some 290 MB with its
 * snapshot and objects: of such, one is kept.
 */
const EDITIONS_MAX = 32;
const WEIGHT_MAX = 150_000;

/** An edition that was found, and the revision of the model that it says. */
export interface FoundEdition {
  readonly environment: string;
  readonly version: number | 'draft';
  readonly revision: number;
  readonly bundle: Bundle | undefined;
  readonly edition: AskedEdition;
}

interface Kept {
  readonly revision: number;
  readonly edition: Promise<AskedEdition>;
  weight: number;
}

/**
 * Editions made ready for questions. A version never changes, so what was made of its blobs is right for ever; a draft is right while
 * the model's revision stands. The least recently asked are let go first.
 */
export class AskedEditionLoader {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly units: UnitOfWork,
    private readonly snapshots: SnapshotStore,
    private readonly bundles: BundleStore,
    private readonly editions: EditionLoader,
  ) {}

  /** Once for all that one moment of a request asks: the key is `<environment> <version>`. */
  private readonly byName = new Relation<FoundEdition | Error>(async (keys) => {
    const asked = keys.map((key) => key.split(' ') as [environment: string, version: string]);
    const now = asked.some(([, version]) => version === 'draft') ? await this.now() : 0;
    const latest = await this.latestOf(asked.flatMap(([name, version]) => (version === 'latest' ? [name] : [])));
    const found = new Map<string, FoundEdition | Error>();
    const find = async (key: string, [environment, text]: readonly [string, string]): Promise<void> => {
      const version = latest.get(environment)?.version;
      const ref = text === 'latest' && version !== undefined ? version : readVersion(text);
      found.set(key, await this.find(environment, ref, now).catch(errorOf));
    };
    await Promise.all(keys.map((key, at) => find(key, asked[at] ?? ['', ''])));
    return (key) => found.get(key) ?? new Error(`edition ${key} was not looked for`);
  });

  /** Refuses (not-found) what does not exist, naming it, and (forbidden) another environment than that of the token. */
  async load(gql: GraphQLContext, environment: string, version: string): Promise<FoundEdition> {
    requireScope(gql.ctx, 'read', environment);
    const found = await this.byName.load(gql, `${environment} ${String(readVersion(version))}`);
    if (found instanceof Error) throw found;
    return found;
  }

  /** `now` is the model's revision, where it is known. */
  async find(environment: string, version: VersionRef, now?: number): Promise<FoundEdition> {
    if (version === 'draft') return this.draft(environment, now ?? (await this.now()));
    const bundle = await this.editions.bundle(environment, version);
    const key = `${bundle.blobs.snapshot} ${bundle.blobs.json}`;
    const edition = await this.keep(key, bundle.revision, async () => {
      const snapshot = await this.editions.snapshotOf(bundle);
      return new AskedEdition(snapshot, () => this.editions.policiesOf(bundle));
    });
    return { environment, version: bundle.version, revision: bundle.revision, bundle, edition };
  }

  private async draft(environment: string, now: number): Promise<FoundEdition> {
    const edition = await this.keep(`draft of ${environment}`, now, async () => {
      const { snapshot } = await this.editions.snapshot(environment, 'draft');
      return new AskedEdition(snapshot, renderedNow);
    });
    return { environment, version: 'draft', revision: edition.snapshot.revision, bundle: undefined, edition };
  }

  private now(): Promise<number> {
    return this.snapshots.revision(this.units.reader);
  }

  private async latestOf(environments: readonly string[]): Promise<ReadonlyMap<string, Bundle>> {
    if (environments.length === 0) return new Map();
    const latest = await this.bundles.newestOf(this.units.reader, environments, 1);
    return new Map(latest.map((bundle) => [bundle.environment, bundle]));
  }

  private async keep(key: string, revision: number, make: () => Promise<AskedEdition>): Promise<AskedEdition> {
    const known = this.kept.get(key);
    this.kept.delete(key);
    const kept = known !== undefined && known.revision >= revision ? known : { revision, edition: make(), weight: 0 };
    this.kept.set(key, kept);
    try {
      const edition = await kept.edition;
      kept.weight = edition.weight;
      this.letGo();
      return edition;
    } catch (error) {
      if (this.kept.get(key) === kept) this.kept.delete(key);
      throw error;
    }
  }

  /** The one that was asked last stays, however large it is. */
  private letGo(): void {
    let weight = [...this.kept.values()].reduce((sum, one) => sum + one.weight, 0);
    for (const [key, one] of this.kept) {
      if (this.kept.size <= 1 || (this.kept.size <= EDITIONS_MAX && weight <= WEIGHT_MAX)) return;
      this.kept.delete(key);
      weight -= one.weight;
    }
  }
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
