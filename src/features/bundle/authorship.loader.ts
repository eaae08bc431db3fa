import type { Authorship } from '../../domain/verdict/sentences.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { Relation } from '../../platform/graphql/relation.js';
import type { AuthoredRow, AuthorshipStore, FlowAt } from '../../store/authorship.store.js';
import type { Change } from '../../store/change.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import type { FoundEdition } from './asked-edition.loader.js';

/** Who declared a flow and when, with the entries of the change log that say so. */
export interface FlowAuthorship extends Authorship {
  readonly declared?: Change;
  readonly changed?: Change;
}

type At = Pick<FoundEdition, 'environment' | 'revision'>;

/** Where flows come from, as they stand in editions. */
export class AuthorshipLoader {
  constructor(
    private readonly units: UnitOfWork,
    private readonly store: AuthorshipStore,
  ) {}

  private readonly byFlow = new Relation<FlowAuthorship>(async (keys) => {
    const found = await this.read(keys.map(flowOf));
    return (key) => found.get(key) ?? {};
  });

  load(gql: GraphQLContext, at: At, flow: string): Promise<FlowAuthorship> {
    return this.byFlow.load(gql, keyOf({ ...at, flow }));
  }

  /** By the names of the flows. */
  async of(at: At, flows: readonly string[]): Promise<ReadonlyMap<string, FlowAuthorship>> {
    const found = await this.read(flows.map((flow) => ({ ...at, flow })));
    return new Map(flows.map((flow) => [flow, found.get(keyOf({ ...at, flow })) ?? {}]));
  }

  private async read(flows: readonly FlowAt[]): Promise<ReadonlyMap<string, FlowAuthorship>> {
    const rows = new Map<string, AuthoredRow[]>();
    for (const row of await this.store.ofFlows(this.units.reader, flows))
      rows.set(keyOf(row.key), [...(rows.get(keyOf(row.key)) ?? []), row]);
    return new Map([...rows].map(([key, own]) => [key, authorshipOf(own)]));
  }
}

function keyOf({ environment, revision, flow }: FlowAt): string {
  return `${environment} ${revision} ${flow}`;
}

function flowOf(key: string): FlowAt {
  const [environment = '', revision = '', flow = ''] = key.split(' ');
  return { environment, revision: Number(revision), flow };
}

/** A flow of that name may have been deleted and declared anew: what came before the last declaration is not its own. */
function authorshipOf(rows: readonly AuthoredRow[]): FlowAuthorship {
  const declared = rows.find(({ change }) => change.action === 'create');
  const later = rows.find(({ change }) => change.action === 'update');
  const changed = later !== undefined && later.change.revision > (declared?.change.revision ?? 0) ? later : undefined;
  const since = (changed ?? declared)?.since;
  return {
    ...(declared === undefined ? {} : { declared: declared.change }),
    ...(changed === undefined ? {} : { changed: changed.change }),
    ...(since === undefined ? {} : { since }),
  };
}
