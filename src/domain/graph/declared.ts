import { placePeers } from '../compile/place-peers.js';
import { placeTiers } from '../compile/place-tiers.js';
import { portSet } from '../compile/port-sets.js';
import { resolveFlows } from '../compile/resolve-flows.js';
import { compareText } from '../errors.js';
import { endName, type Endpoint } from '../model/entities.js';
import type { PortRange } from '../model/ports.js';
import type { Snapshot } from '../model/snapshot.js';

/** What an environment allows between two ends, and the flows that say so. */
export interface DeclaredConnection {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly ports: readonly PortRange[];
  /** Names of flows, sorted. */
  readonly flows: readonly string[];
}

/**
 * The connections that the flows of an environment declare, of those that it can render: one for each pair of ends, sorted.
 * @example declaredConnections(snapshot) // [{ from: { tier: 'shop/frontend' }, to: { tier: 'shop/backend' }, ports: [TCP 3000], ... }]
 */
export function declaredConnections(snapshot: Snapshot): DeclaredConnection[] {
  const { flows } = resolveFlows(snapshot, placeTiers(snapshot), placePeers(snapshot));
  const declared = new Map(snapshot.flows.map((flow) => [flow.name, flow]));
  const pairs = new Map<string, { from: Endpoint; to: Endpoint; ports: PortRange[]; flows: string[] }>();
  for (const { name, ports } of flows) {
    const flow = declared.get(name);
    if (flow === undefined) continue;
    const key = `${endName(flow.from)} ${endName(flow.to)}`;
    const pair = pairs.get(key) ?? { from: flow.from, to: flow.to, ports: [], flows: [] };
    pair.ports.push(...ports.ranges);
    pair.flows.push(name);
    pairs.set(key, pair);
  }
  return [...pairs]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, pair]) => ({ ...pair, ports: portSet(pair.ports).ranges, flows: pair.flows.sort(compareText) }));
}
