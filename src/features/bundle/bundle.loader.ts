import { requireScope } from '../../platform/context.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { Relation } from '../../platform/graphql/relation.js';
import { type Page, readPage, toPage } from '../../platform/http/page.js';
import type { Paging } from '../../platform/resource/resource.service.js';
import type { Bundle, BundleStore } from '../../store/bundle.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

/** Published versions, of many environments in one round trip. */
export class BundleLoader {
  constructor(
    private readonly units: UnitOfWork,
    private readonly bundles: BundleStore,
  ) {}

  /** The latest version of every environment that has one; the key does not matter. */
  readonly latestEverywhere = new Relation<readonly Bundle[]>(async () => {
    const all = await this.bundles.latestEverywhere(this.units.reader);
    return () => all;
  });

  /** The key is `<environment> <how many>`. */
  private readonly newest = new Relation<readonly Bundle[]>(async (keys) => {
    const wanted = keys.map((key) => key.split(' ') as [environment: string, count: string]);
    const most = Math.max(...wanted.map(([, count]) => Number(count)));
    const environments = [...new Set(wanted.map(([environment]) => environment))];
    const found = await this.bundles.newestOf(this.units.reader, environments, most);
    const groups = new Map<string, Bundle[]>(environments.map((environment) => [environment, []]));
    for (const bundle of found) groups.get(bundle.environment)?.push(bundle);
    return (key) => {
      const [environment = '', count] = key.split(' ');
      return (groups.get(environment) ?? []).slice(0, Number(count));
    };
  });

  async latest(gql: GraphQLContext, environment: string): Promise<Bundle | null> {
    requireScope(gql.ctx, 'read', environment);
    return (await this.newest.load(gql, `${environment} 1`))[0] ?? null;
  }

  /** The first page, as BundleService.list gives it: its cursors lead on there. */
  async firstPage(gql: GraphQLContext, environment: string, paging: Paging): Promise<Page<Bundle>> {
    requireScope(gql.ctx, 'read', environment);
    const list = ['bundle', environment];
    const page = readPage({ pageSize: paging.pageSize }, list);
    const rows = await this.newest.load(gql, `${environment} ${page.size + 1}`);
    return toPage(rows, page, list, (bundle) => String(bundle.version));
  }
}
