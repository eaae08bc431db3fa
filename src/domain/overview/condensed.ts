import type { OverviewModel } from './overview-model.js';

export interface CondensedNode {
  readonly id: string;
  readonly kind: 'peer' | 'tier';
  readonly text: string;
}

export interface CondensedLink {
  readonly from: string;
  readonly to: string;
  readonly flows: number;
}

/**
 * The model with each application as one node: who talks to whom across applications, and how many flows that is. Flows within
 * an application are left out.
 * @example condensed(model).links[0] // { from: 'peer users', to: 'application shop', flows: 3 }
 */
export function condensed(model: OverviewModel): { nodes: CondensedNode[]; links: CondensedLink[] } {
  const applicationOf = new Map(model.tiers.map(({ id, application }) => [id, `application ${application}`]));
  const endOf = (id: string) => applicationOf.get(id) ?? id;
  const links = new Map<string, CondensedLink>();
  for (const flow of model.flows) {
    const [from, to] = [endOf(flow.from), endOf(flow.to)];
    const key = `${from}>${to}`;
    if (from !== to) links.set(key, { from, to, flows: (links.get(key)?.flows ?? 0) + 1 });
  }
  const sizes = model.applications.map(
    ({ name }) => model.tiers.filter(({ application }) => application === name).length,
  );
  return {
    nodes: [
      ...model.peers.map(({ id, name }): CondensedNode => ({ id, kind: 'peer', text: name })),
      ...model.applications.map(({ name }, index): CondensedNode => {
        return { id: `application ${name}`, kind: 'tier', text: `${name} (${sizes[index] ?? 0} tiers)` };
      }),
    ],
    links: [...links.values()],
  };
}
