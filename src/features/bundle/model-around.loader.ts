import type { Endpoint, Flow } from '../../domain/model/entities.js';
import { type ModelAround, type Named, namesOfMends } from '../../domain/verdict/mends.js';
import type { Verdict } from '../../domain/verdict/verdict.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { Relation } from '../../platform/graphql/relation.js';
import type { FlowStore } from '../../store/flow.store.js';
import type { EndRow } from '../../store/relations.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

const NOTHING: ModelAround = { sameEnds: [], taken: new Set() };

/** What the working model holds around a question that is denied; nothing where the answer needs no mend. */
export class ModelAroundLoader {
  constructor(
    private readonly units: UnitOfWork,
    private readonly flows: FlowStore,
  ) {}

  /** The key is `<kind> <from> <kind> <to>`: the same question in many environments is one. */
  private readonly byEnds = new Relation<ModelAround>(async (keys) => {
    const found = await Promise.all(keys.map((key) => this.ofEnds(...endsOf(key))));
    const byKey = new Map(keys.map((key, at) => [key, found[at] ?? NOTHING]));
    return (key) => byKey.get(key) ?? NOTHING;
  });

  async load(gql: GraphQLContext, { allowed, question: { from, to } }: Verdict): Promise<ModelAround> {
    return allowed ? NOTHING : this.byEnds.load(gql, [from.kind, from.text, to.kind, to.text].join(' '));
  }

  async of({ allowed, question: { from, to } }: Verdict): Promise<ModelAround> {
    return allowed ? NOTHING : this.ofEnds(from, to);
  }

  private async ofEnds(from: Named, to: Named): Promise<ModelAround> {
    const names = namesOfMends({ from, to });
    const addresses = from.kind === 'addresses' || to.kind === 'addresses';
    const [sameEnds, flows, ends] = await Promise.all([
      this.between(endpointOf(from), endpointOf(to)),
      this.units.related('flow by name', names),
      addresses ? this.units.related('end of flow', names) : [],
    ]);
    const rows = [...flows, ...(ends as EndRow[]).map(({ row }) => row)];
    return { sameEnds, taken: new Set(rows.map((row) => (row as { readonly name: string }).name)) };
  }

  private async between(from: Endpoint | undefined, to: Endpoint | undefined): Promise<readonly Flow[]> {
    if (from === undefined || to === undefined) return [];
    return (await this.flows.between(this.units.reader, from, to)).map(({ value }) => value);
  }
}

function endsOf(key: string): [from: Named, to: Named] {
  const [kind = '', from = '', other = '', to = ''] = key.split(' ');
  return [
    { kind: kind as Named['kind'], text: from },
    { kind: other as Named['kind'], text: to },
  ];
}

function endpointOf({ kind, text }: Named): Endpoint | undefined {
  switch (kind) {
    case 'tier':
      return { tier: text };
    case 'peer':
      return { peer: text };
    case 'addresses':
      return undefined;
  }
}
