import { compareText } from '../errors.js';
import type { Endpoint } from '../model/entities.js';
import type { Snapshot } from '../model/snapshot.js';
import { groupBy } from './group-by.js';
import { environmentNotes } from './notes.js';
import type { ApplicationGroup, Arrow, FlowLine, OverviewModel, TierBox } from './overview-model.js';
import { peerBoxes } from './peer-boxes.js';
import { type FlowHere, type Here, placed } from './placed.js';
import { plain, titleOf } from './plain.js';
import { joinPorts } from './port-lists.js';
import { tierBoxes } from './tier-boxes.js';

/**
 * Draws up one environment: a box for each placed tier and each peer in use, an arrow for each pair that may talk, the flows
 * behind them, and what is allowed beside the flows. Pure and total: what is not rendered in the environment is left out.
 * @example overview(snapshot).arrows[0] // { from: 'peer users', to: 'tier shop/frontend', sides: 'ingress', ports: [...] }
 */
export function overview(snapshot: Snapshot): OverviewModel {
  const here = placed(snapshot);
  const flows = here.flows.map(flowLine);
  const arrows = joinFlows(flows);
  const tiersInOrder = tierBoxes(here.tiers, arrows);
  const applications = applicationGroups(snapshot, here, tiersInOrder);
  const tiers = applications.flatMap(({ name }) => tiersInOrder.filter(({ application }) => application === name));
  const peers = peerBoxes(here, snapshot.environment.name, tiers);
  const byEnds = inOrderOf([...peers, ...tiers].map(({ id }) => id));
  return {
    environment: snapshot.environment.name,
    applications,
    peers,
    tiers,
    arrows: arrows.sort(byEnds),
    flows: flows.sort((a, b) => byEnds(a, b) || compareText(a.flow, b.flow)),
    notes: environmentNotes(snapshot.environment.profile, here, tiers),
  };
}

function flowLine({ flow, sides, ports }: FlowHere): FlowLine {
  const reason = plain(flow.reason ?? '');
  return { flow: flow.name, from: boxId(flow.from), to: boxId(flow.to), sides, ports, ...(reason && { reason }) };
}

function boxId(end: Endpoint): string {
  return 'tier' in end ? `tier ${end.tier}` : `peer ${end.peer}`;
}

/** One arrow a pair. */
function joinFlows(flows: readonly FlowLine[]): Arrow[] {
  const pairs = groupBy(flows, ({ from, to }) => `${from}>${to}`);
  return [...pairs.values()].flatMap((pair) => {
    const [first] = pair;
    if (first === undefined) return [];
    const { from, to, sides } = first;
    return [{ from, to, sides, ports: joinPorts(pair.map(({ ports }) => ports)) }];
  });
}

/** In the order in which the first tier of each stands in the flow. */
function applicationGroups({ applications }: Snapshot, here: Here, tiers: readonly TierBox[]): ApplicationGroup[] {
  const names = new Set(tiers.map(({ application }) => application));
  const namespaces = new Map(here.tiers.map(({ tier, namespace }) => [tier.application, namespace]));
  const known = new Map(applications.map((application) => [application.name, application]));
  return [...names].map((name) => ({
    name,
    ...titleOf(known.get(name) ?? { name }),
    namespace: namespaces.get(name) ?? '',
  }));
}

function inOrderOf(ids: readonly string[]): (a: Arrow, b: Arrow) => number {
  const rank = new Map(ids.map((id, index) => [id, index]));
  const at = (id: string) => rank.get(id) ?? 0;
  return (a, b) => at(a.from) - at(b.from) || at(a.to) - at(b.to);
}
