import { endName, tierRef, type Flow, type Placement, type Tier } from '../../model/entities.js';
import type { Snapshot } from '../../model/snapshot.js';
import { sameValue } from '../same-value.js';

/**
 * What two snapshots do not say alike, found by comparing values and resolving nothing: a superset of what matters, as a description
 * makes a peer differ too. Only pairs of ends that are named here can have changed.
 */
export interface Touched {
  /** References of tiers and names of peers that are declared or placed otherwise. */
  readonly ends: ReadonlySet<string>;
  /** By name of the source, the names of the destinations of the flows that differ, as either side has them. */
  readonly pairs: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Compares two snapshots list by list. What both share by identity, or have in the same place, costs least.
 * @example touched(before, after).ends.has('shop/frontend')
 */
export function touched(before: Snapshot, after: Snapshot): Touched {
  const applications = new Set(otherwisePlaced(before, after).map(({ application }) => application));
  const replaced = [...before.tiers, ...after.tiers].filter(({ application }) => applications.has(application));
  const tiers = [...differing(before.tiers, after.tiers, tierRef, sameTier), ...replaced];
  return { ends: new Set([...tiers.map(tierRef), ...peersTouched(before, after)]), pairs: pairsTouched(before, after) };
}

/** The flows between ends that may have changed, and those of a pair of which a flow did. */
export function touchedFlows({ ends, pairs }: Touched, flows: readonly Flow[]): Flow[] {
  const isPair = ({ from, to }: Flow): boolean => pairs.get(endName(from))?.has(endName(to)) ?? false;
  if (ends.size === 0) return flows.filter(isPair);
  return flows.filter((flow) => ends.has(endName(flow.from)) || ends.has(endName(flow.to)) || isPair(flow));
}

function otherwisePlaced(before: Snapshot, after: Snapshot): Placement[] {
  const here = ({ environment, placements }: Snapshot): Placement[] =>
    placements.filter((placement) => placement.environment === environment.name);
  return differing(
    here(before),
    here(after),
    ({ application }) => application,
    (a, b) => a.namespace === b.namespace && sameValue(a.tiers, b.tiers),
  );
}

function sameTier(a: Tier, b: Tier): boolean {
  return a === b || (sameValue(a.podSelector, b.podSelector) && sameValue(a.ports, b.ports));
}

/** Peers that differ, and those whose addresses are facts of the environment that do. */
function peersTouched(before: Snapshot, after: Snapshot): string[] {
  const [was, is] = [before.environment, after.environment];
  const nodes = !sameValue(was.profile.nodeCidrs, is.profile.nodeCidrs);
  const apiServer = !sameValue(was.profile.apiServerCidrs, is.profile.apiServerCidrs);
  const elsewhere = was.name !== is.name;
  const moved = [...before.peers, ...after.peers].filter(
    ({ kind }) => (nodes && kind === 'nodes') || (apiServer && kind === 'apiserver') || (elsewhere && kind === 'cidr'),
  );
  return [...differing(before.peers, after.peers, ({ name }) => name, sameValue), ...moved].map(({ name }) => name);
}

function pairsTouched(before: Snapshot, after: Snapshot): Map<string, Set<string>> {
  const [was, is] = [before.environment.name, after.environment.name];
  const holds = (flow: Flow, environment: string): boolean => flow.environments?.includes(environment) ?? true;
  const everywhere = (a: Flow, b: Flow): boolean => a.environments === undefined && b.environments === undefined;
  const same = (a: Flow, b: Flow): boolean =>
    (a === b && was === is) || (sameFlow(a, b) && (everywhere(a, b) || holds(a, was) === holds(b, is)));
  const pairs = new Map<string, Set<string>>();
  for (const { from, to } of differing(before.flows, after.flows, ({ name }) => name, same)) {
    const known = pairs.get(endName(from));
    if (known === undefined) pairs.set(endName(from), new Set([endName(to)]));
    else known.add(endName(to));
  }
  return pairs;
}

function sameFlow(a: Flow, b: Flow): boolean {
  return endName(a.from) === endName(b.from) && endName(a.to) === endName(b.to) && sameValue(a.ports, b.ports);
}

/**
 * The items, by name, that only one of two lists has or that differ, as both sides have them. Lists of one model are mostly in the same
 * order, so what they begin and end with alike is passed over before anything is looked up by name.
 */
function differing<T>(
  before: readonly T[],
  after: readonly T[],
  nameOf: (item: T) => string,
  same: (a: T, b: T) => boolean,
): T[] {
  const alike = (a: T | undefined, b: T | undefined): boolean =>
    a !== undefined && b !== undefined && nameOf(a) === nameOf(b) && same(a, b);
  let start = 0;
  let [end, endAfter] = [before.length, after.length];
  while (start < end && start < endAfter && alike(before[start], after[start])) start++;
  while (end > start && endAfter > start && alike(before[end - 1], after[endAfter - 1])) {
    end--;
    endAfter--;
  }
  const old = new Map(before.slice(start, end).map((item) => [nameOf(item), item]));
  const found: T[] = [];
  for (const item of after.slice(start, endAfter)) {
    const known = old.get(nameOf(item));
    if (known !== undefined && same(known, item)) old.delete(nameOf(item));
    else found.push(item);
  }
  return [...found, ...old.values()];
}
