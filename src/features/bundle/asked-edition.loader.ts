import { requireScope } from '../../platform/context.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { Relation } from '../../platform/graphql/relation.js';
import type { Bundle, BundleStore } from '../../store/bundle.store.js';
import type { TagStore } from '../../store/tag.store.js';
import type { ModelNow } from '../../store/snapshot.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import type { CacheState } from '../../seeing/cache-tally.js';
import { type AskedSource, openEdition } from '../../work/asked/ask-edition.js';
import type { Asked, AskedEdition } from '../../work/asked/asked-edition.js';
import { KeptEditions } from '../../work/asked/kept-editions.js';
import { type EditionLoader, sourceOf } from './edition.loader.js';
import type { EditionWork } from './edition-work.js';
import { isTag, readVersion, type VersionRef } from './version-ref.js';

/** An edition that was found, and the revision of the model that it says. */
export interface FoundEdition {
  readonly environment: string;
  readonly version: number | 'draft';
  readonly revision: number;
  readonly bundle: Bundle | undefined;
  readonly edition: Asked;
}

/** Finds editions to ask: small ones are kept ready here, large ones in a thread. */
export class AskedEditionLoader {
  private readonly kept = new KeptEditions();

  constructor(
    private readonly units: UnitOfWork,
    private readonly bundles: BundleStore,
    private readonly editions: EditionLoader,
    private readonly work: EditionWork,
    private readonly tags: TagStore,
  ) {}

  get cache(): CacheState {
    return this.kept.state;
  }

  /** Once for all that one moment of a request asks: the key is `<environment> <version>`. */
  private readonly byName = new Relation<FoundEdition | Error>(async (keys) => {
    const asked = keys.map((key) => key.split(' ') as [environment: string, version: string]);
    const now = asked.some(([, version]) => version === 'draft') ? await this.work.now() : undefined;
    const numbers = await this.numbersOf(asked);
    const found = new Map<string, FoundEdition | Error>();
    const find = async (key: string, [environment, text]: readonly [string, string]): Promise<void> => {
      const ref = numbers.get(key) ?? readVersion(text);
      found.set(key, await this.find(environment, ref, now).catch(errorOf));
    };
    await Promise.all(keys.map((key, at) => find(key, asked[at] ?? ['', ''])));
    return (key) => found.get(key) ?? new Error(`edition ${key} was not looked for`);
  });

  /** Refuses (not-found) what does not exist, naming it, and (forbidden) another environment than that of the token. */
  async load(gql: GraphQLContext, environment: string, version: string): Promise<FoundEdition> {
    requireScope(gql.ctx, 'read', environment);
    readVersion(version);
    const found = await this.byName.load(gql, `${environment} ${version}`);
    if (found instanceof Error) throw found;
    return found;
  }

  /** `now` is the state of the model, where it is known. Of a large draft, only an answer says which revision it is of. */
  async find(environment: string, version: VersionRef, now?: ModelNow): Promise<FoundEdition> {
    if (version === 'draft') return this.draft(environment, now ?? (await this.work.now()));
    const bundle = await this.editions.bundle(environment, version);
    const { revision } = bundle;
    const asked = { source: sourceOf(bundle), revision };
    const edition = (await this.work.isLarge(asked.source)) ? this.work.askedInThread(asked) : await this.open(asked);
    return { environment, version: bundle.version, revision, bundle, edition };
  }

  private async draft(environment: string, { revision, hasFlows }: ModelNow): Promise<FoundEdition> {
    const asked = { source: await this.editions.source(environment, 'draft'), revision };
    const found = { environment, version: 'draft', bundle: undefined } as const;
    if (hasFlows) return { ...found, revision, edition: this.work.askedInThread(asked) };
    const edition = await this.open(asked);
    return { ...found, revision: edition.snapshot.revision, edition };
  }

  private open(asked: AskedSource): Promise<AskedEdition> {
    return openEdition(this.kept, asked, this.work.read);
  }

  /** What `latest` and tags are now, by key: of all that are asked for at once. */
  private async numbersOf(asked: readonly (readonly [string, string])[]): Promise<ReadonlyMap<string, number>> {
    const latest = asked.flatMap(([environment, text]) => (text === 'latest' ? [environment] : []));
    const tags = asked.flatMap(([environment, text]) =>
      isTag(readVersion(text)) ? [{ environment, name: text }] : [],
    );
    const newest = latest.length === 0 ? [] : await this.bundles.newestOf(this.units.reader, latest, 1);
    const marked = await this.tags.named(this.units.reader, tags);
    return new Map([
      ...newest.map(({ environment, version }) => [`${environment} latest`, version] as const),
      ...marked.map(({ environment, name, version }) => [`${environment} ${name}`, version] as const),
    ]);
  }
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
