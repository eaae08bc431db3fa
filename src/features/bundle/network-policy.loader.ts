import { gunzipSync } from 'node:zlib';
import { policiesOfYaml } from '../../domain/render/json-of-yaml.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { Relation } from '../../platform/graphql/relation.js';
import type { Bundle } from '../../store/bundle.store.js';
import { ContentGone, type ContentStore } from '../../store/content.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import type { Asked } from '../../work/asked/asked-edition.js';
import type { BundleLoader } from './bundle.loader.js';
import { sourceOf } from './edition.loader.js';
import type { EditionWork } from './edition-work.js';
import { indexPolicies, objectNamed, type PolicyEntry, type PolicyIndex } from '../../work/asked/policy-index.js';

/** How many bundles' indexes are kept: they never change, and those of the latest versions are asked again and again. */
const INDEXES_MAX = 64;

/** An object of a bundle, and the bundle. */
export type BundledPolicy = PolicyEntry & { readonly bundle: Bundle; readonly version: number };

export class NetworkPolicyLoader {
  private readonly indexes = new Map<string, PolicyIndex>();

  constructor(
    private readonly units: UnitOfWork,
    private readonly contents: ContentStore,
    private readonly versions: BundleLoader,
    private readonly work: EditionWork,
  ) {}

  /** By the digest of the YAML as it is stored. */
  private readonly byDigest = new Relation<() => PolicyIndex>(async (digests) => {
    const known = new Map(digests.map((digest) => [digest, this.indexes.get(digest)]));
    const missing = digests.filter((digest) => known.get(digest) === undefined);
    if (missing.length > 0) {
      for (const { digest, bytes } of await this.contents.get(this.units.sql(this.units.reader), missing)) {
        known.set(digest, this.keep(digest, indexPolicies(policiesOfYaml(gunzipSync(bytes)))));
      }
    }
    return (digest) => () => {
      const index = known.get(digest);
      if (index === undefined) throw new ContentGone(digest);
      return index;
    };
  });

  /** All objects of a bundle, in their order. */
  async ofBundle(gql: GraphQLContext, bundle: Bundle): Promise<BundledPolicy[]> {
    const asked = await this.inThread(bundle);
    const entries = asked ? (await asked.ask({ kind: 'objects' })).answer : (await this.index(gql, bundle)).entries;
    return bundled(entries, bundle);
  }

  /** One object of a bundle; nothing where it has none of that name. */
  async named(
    gql: GraphQLContext,
    bundle: Bundle,
    one: Pick<PolicyEntry, 'namespace' | 'name'>,
  ): Promise<BundledPolicy | undefined> {
    const { namespace, name } = one;
    const asked = await this.inThread(bundle);
    if (asked) return bundled(listOf((await asked.ask({ kind: 'object', namespace, name })).answer), bundle)[0];
    const index = await this.index(gql, bundle);
    return bundled(listOf(objectNamed(index, one)), bundle)[0];
  }

  /** The objects that hold a flow in the latest versions: of one environment, or of all that the token may see. */
  async ofFlow(gql: GraphQLContext, flow: string, environment: string | undefined): Promise<BundledPolicy[]> {
    const bundles = await this.latest(gql, environment);
    const objects = bundles.map(async (bundle) => {
      const asked = await this.inThread(bundle);
      if (asked) return bundled((await asked.ask({ kind: 'objects-of-flow', flow })).answer, bundle);
      return bundled((await this.index(gql, bundle)).byFlow.get(flow), bundle);
    });
    return (await Promise.all(objects)).flat();
  }

  /** Where the bundle is large. */
  private async inThread(bundle: Bundle): Promise<Asked | undefined> {
    const source = sourceOf(bundle);
    const { revision } = bundle;
    return (await this.work.isLarge(source)) ? this.work.askedInThread({ source, revision }) : undefined;
  }

  private async index(gql: GraphQLContext, bundle: Bundle): Promise<PolicyIndex> {
    return (await this.byDigest.load(gql, bundle.blobs.yamlGzip))();
  }

  private async latest(gql: GraphQLContext, environment: string | undefined): Promise<readonly Bundle[]> {
    const { boundTo } = gql.ctx;
    if (environment === undefined && boundTo === undefined) return this.versions.latestEverywhere.load(gql, 'all');
    const bundle = await this.versions.latest(gql, environment ?? boundTo ?? '');
    return bundle === null ? [] : [bundle];
  }

  private keep(digest: string, index: PolicyIndex): PolicyIndex {
    if (this.indexes.size >= INDEXES_MAX) this.indexes.delete(this.indexes.keys().next().value ?? '');
    this.indexes.set(digest, index);
    return index;
  }
}

function bundled(entries: readonly PolicyEntry[] | undefined, bundle: Bundle): BundledPolicy[] {
  return (entries ?? []).map((entry) => ({ ...entry, bundle, version: bundle.version }));
}

function listOf(entry: PolicyEntry | undefined): PolicyEntry[] {
  return entry === undefined ? [] : [entry];
}
