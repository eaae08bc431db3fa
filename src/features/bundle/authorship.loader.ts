import type { Authorship } from '../../domain/verdict/sentences.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { Relation } from '../../platform/graphql/relation.js';
import type { BundleStore } from '../../store/bundle.store.js';
import type { Change, ChangeStore } from '../../store/change.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import type { FoundEdition } from './asked-edition.loader.js';

/** Who declared a flow and when, with the entries of the change log that say so. */
export interface FlowAuthorship extends Authorship {
  readonly declared?: Change;
  readonly changed?: Change;
}

type At = Pick<FoundEdition, 'environment' | 'revision'>;

/** Where flows come from, as they stand in an edition. */
export class AuthorshipLoader {
  constructor(
    private readonly units: UnitOfWork,
    private readonly changes: ChangeStore,
    private readonly bundles: BundleStore,
  ) {}

  /** The key is `<environment> <revision> <flow>`. */
  private readonly byFlow = new Relation<FlowAuthorship>(async (keys) => {
    const groups = new Map<string, string[]>();
    for (const key of keys) {
      const space = key.lastIndexOf(' ');
      groups.set(key.slice(0, space), [...(groups.get(key.slice(0, space)) ?? []), key.slice(space + 1)]);
    }
    const found = new Map<string, FlowAuthorship>();
    const read = async ([at, flows]: readonly [string, readonly string[]]) => {
      const [environment = '', revision = ''] = at.split(' ');
      for (const [flow, authorship] of await this.of({ environment, revision: Number(revision) }, flows))
        found.set(`${at} ${flow}`, authorship);
    };
    await Promise.all([...groups].map(read));
    return (key) => found.get(key) ?? {};
  });

  load(gql: GraphQLContext, { environment, revision }: At, flow: string): Promise<FlowAuthorship> {
    return this.byFlow.load(gql, `${environment} ${revision} ${flow}`);
  }

  /** By the names of the flows. */
  async of({ environment, revision }: At, flows: readonly string[]): Promise<ReadonlyMap<string, FlowAuthorship>> {
    if (flows.length === 0) return new Map();
    const changes = await this.changes.authorsOf(this.units.reader, 'flow', flows, revision);
    const own = new Map(flows.map((flow) => [flow, authorshipOf(changes.filter(({ name }) => name === flow))]));
    const revisions = [...own.values()].map(lastRevision);
    const since = await this.bundles.firstSince(this.units.reader, environment, [...new Set(revisions)]);
    return new Map([...own].map(([flow, authors]) => [flow, { ...authors, ...versionOf(since, authors) }]));
  }
}

/** A flow of that name may have been deleted and declared anew: what came before the last declaration is not its own. */
function authorshipOf(changes: readonly Change[]): FlowAuthorship {
  const declared = changes.find(({ action }) => action === 'create');
  const changed = changes.find(({ action, revision }) => action === 'update' && revision > (declared?.revision ?? 0));
  return { ...(declared === undefined ? {} : { declared }), ...(changed === undefined ? {} : { changed }) };
}

function lastRevision({ declared, changed }: FlowAuthorship): number {
  return changed?.revision ?? declared?.revision ?? 0;
}

function versionOf(since: ReadonlyMap<number, number>, authors: FlowAuthorship): { since?: number } {
  const version = since.get(lastRevision(authors));
  return version === undefined ? {} : { since: version };
}
