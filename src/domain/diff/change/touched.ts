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
  readonly alikeFlows: Alike;
}

/** How many items two lists begin with that are alike, and how many they end with. */
interface Alike {
  readonly first: number;
  readonly last: number;
}

/**
 * Compares two snapshots list by list. What both share by identity, or have in the same place, costs least.
 * @example touched(before, after).ends.has('shop/frontend')
 */
export function touched(before: Snapshot, after: Snapshot): Touched {
  const applications = new Set(otherwisePlaced(before, after).map(({ application }) => application));
  const replaced = [...before.tiers, ...after.tiers].filter(({ application }) => applications.has(application));
  const tiers = [...differing(before.tiers, after.tiers, tierRef, sameTier), ...replaced];
  const ends = new Set([...tiers.map(tierRef), ...peersTouched(before, after)]);
  return { ends, ...flowsTouched(before, after) };
}

/**
 * The flows between ends that may have changed, and those of a pair of which a flow did, of both lists. What both begin and end with alike
 * is looked at in one of them: most of the time goes into walking over flows that did not change.
 */
export function touchedFlows(
  { ends, pairs, alikeFlows: { first, last } }: Touched,
  before: readonly Flow[],
  after: readonly Flow[],
): { readonly before: Flow[]; readonly after: Flow[] } {
  const isPair = ({ from, to }: Flow): boolean => pairs.get(endName(from))?.has(endName(to)) ?? false;
  const isTouched = (flow: Flow): boolean =>
    isPair(flow) || (ends.size > 0 && (ends.has(endName(flow.from)) || ends.has(endName(flow.to))));
  const shift = after.length - before.length;
  const [was, is]: [Flow[], Flow[]] = [[], []];
  before.forEach((flow, at) => {
    if (!isTouched(flow)) return;
    was.push(flow);
    const twin = at < first ? after[at] : at >= before.length - last ? after[at + shift] : undefined;
    if (twin !== undefined) is.push(twin);
  });
  return { before: was, after: [...is, ...after.slice(first, after.length - last).filter(isTouched)] };
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

function flowsTouched(before: Snapshot, after: Snapshot): Pick<Touched, 'pairs' | 'alikeFlows'> {
  const [was, is] = [before.environment.name, after.environment.name];
  const holds = ({ environments }: Flow, environment: string): boolean =>
    environments === undefined || environments.includes(environment);
  const same = (a: Flow, b: Flow): boolean =>
    (a === b && was === is) || (sameFlow(a, b) && holds(a, was) === holds(b, is));
  const nameOf = ({ name }: Flow): string => name;
  const alikeFlows = alikeEnds(before.flows, after.flows, nameOf, same);
  const pairs = new Map<string, Set<string>>();
  for (const { from, to } of differing(before.flows, after.flows, nameOf, same, alikeFlows)) {
    const known = pairs.get(endName(from));
    if (known === undefined) pairs.set(endName(from), new Set([endName(to)]));
    else known.add(endName(to));
  }
  return { pairs, alikeFlows };
}

function sameFlow(a: Flow, b: Flow): boolean {
  return endName(a.from) === endName(b.from) && endName(a.to) === endName(b.to) && sameValue(a.ports, b.ports);
}

/**
 * The items, by name, that only one of two lists has or that differ, as both sides have them. Nothing is looked up by name of what both
 * begin and end with alike.
 */
function differing<T>(
  before: readonly T[],
  after: readonly T[],
  nameOf: (item: T) => string,
  same: (a: T, b: T) => boolean,
  { first, last } = alikeEnds(before, after, nameOf, same),
): T[] {
  const old = new Map(before.slice(first, before.length - last).map((item) => [nameOf(item), item]));
  const found: T[] = [];
  for (const item of after.slice(first, after.length - last)) {
    const known = old.get(nameOf(item));
    if (known !== undefined && same(known, item)) old.delete(nameOf(item));
    else found.push(item);
  }
  return [...found, ...old.values()];
}

/** Lists of one model are mostly in the same order. */
function alikeEnds<T>(
  before: readonly T[],
  after: readonly T[],
  nameOf: (item: T) => string,
  same: (a: T, b: T) => boolean,
): Alike {
  const alike = (a: T | undefined, b: T | undefined): boolean =>
    a !== undefined && b !== undefined && nameOf(a) === nameOf(b) && same(a, b);
  const shorter = Math.min(before.length, after.length);
  let first = 0;
  while (first < shorter && alike(before[first], after[first])) first++;
  let last = 0;
  while (last < shorter - first && alike(before.at(-1 - last), after.at(-1 - last))) last++;
  return { first, last };
}
