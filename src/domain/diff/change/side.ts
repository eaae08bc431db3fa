import type { Direction, Reach, TierOfPods } from '../../compile/compiled.js';
import { nameTiers, objectName } from '../../compile/name-tiers.js';
import { placePeers } from '../../compile/place-peers.js';
import { placeTiers, podsByNamespace, type PlacedTier } from '../../compile/place-tiers.js';
import { portSet } from '../../compile/port-sets.js';
import { resolveFlows, type ResolvedEnd, type ResolvedFlow } from '../../compile/resolve-flows.js';
import { compareText } from '../../errors.js';
import { endName, type Endpoint } from '../../model/entities.js';
import type { PortRange } from '../../model/ports.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { Declared } from './change.js';

/** What is declared between two ends, and what the ends stand for. */
export interface Pair extends Declared {
  readonly from: PairEnd;
  readonly to: PairEnd;
}

export interface PairEnd extends Pick<ResolvedEnd, 'tier' | 'seen'> {
  readonly end: Endpoint;
}

/** The name of the object of a tier and direction, `namespace/name`. */
export type ObjectOf = (tier: TierOfPods, direction: Direction) => string;

/** One snapshot of a change, placed and resolved. */
export interface Side {
  readonly snapshot: Snapshot;
  readonly tiers: ReadonlyMap<string, PlacedTier>;
  readonly flows: readonly ResolvedFlow[];
  /** By `<from> <to>`. */
  readonly pairs: ReadonlyMap<string, Pair>;
  readonly objectOf: ObjectOf;
}

/**
 * Places and resolves a snapshot, and gathers its flows by the pair of their ends.
 * @example sideOf(snapshot).pairs.get('shop/frontend shop/backend')?.ports // [{ protocol: 'TCP', port: 3000 }]
 */
export function sideOf(snapshot: Snapshot): Side {
  const placed = placeTiers(snapshot);
  const { flows } = resolveFlows(snapshot, placed, placePeers(snapshot));
  const objectOf = objectsOf(placed.tiers.values());
  return { snapshot, tiers: placed.tiers, flows, pairs: pairsOf(snapshot, flows, objectOf), objectOf };
}

function objectsOf(tiers: Iterable<PlacedTier>): ObjectOf {
  const stems = new Map(podsByNamespace(tiers).map(([namespace, pods]) => [namespace, nameTiers(pods)]));
  return ({ namespace, ref, name }, direction) =>
    `${namespace}/${objectName(stems.get(namespace)?.get(ref) ?? name, direction)}`;
}

interface Gathered {
  readonly from: PairEnd;
  readonly to: PairEnd;
  readonly ports: PortRange[];
  readonly flows: string[];
}

function pairsOf(snapshot: Snapshot, flows: readonly ResolvedFlow[], objectOf: ObjectOf): Map<string, Pair> {
  const declared = new Map(snapshot.flows.map((flow) => [flow.name, flow]));
  const gathered = new Map<string, Gathered>();
  for (const { name, from, to, ports } of flows) {
    const flow = declared.get(name);
    if (flow === undefined) continue;
    const key = `${endName(flow.from)} ${endName(flow.to)}`;
    const pair = gathered.get(key) ?? { from: endOf(flow.from, from), to: endOf(flow.to, to), ports: [], flows: [] };
    pair.ports.push(...ports.ranges);
    pair.flows.push(name);
    gathered.set(key, pair);
  }
  return new Map([...gathered].map(([key, pair]) => [key, finished(pair, objectOf)]));
}

function endOf(
  end: Endpoint,
  { tier, seen }: { readonly tier: TierOfPods | undefined; readonly seen: Reach },
): PairEnd {
  return { end, tier, seen };
}

function finished({ from, to, ports, flows }: Gathered, objectOf: ObjectOf): Pair {
  const policies = [
    ...(from.tier === undefined ? [] : [objectOf(from.tier, 'egress')]),
    ...(to.tier === undefined ? [] : [objectOf(to.tier, 'ingress')]),
  ];
  return {
    from,
    to,
    ports: portSet(ports).ranges,
    flows: flows.sort(compareText),
    policies,
  };
}
