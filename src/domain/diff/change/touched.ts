import { endName, tierRef, type Endpoint, type Flow, type Placement, type Tier } from '../../model/entities.js';
import type { Snapshot } from '../../model/snapshot.js';
import { sameValue } from '../same-value.js';
import { samePorts } from './compare-ports.js';
import { sideBySide, type SideBySide } from './side-by-side.js';

/**
 * What two snapshots do not say alike, found by comparing values and resolving nothing: a superset of what matters, as a description
 * makes a peer differ too. Only pairs of ends that are named here can have changed.
 */
export interface Touched {
  /** References of tiers and names of peers that are declared or placed otherwise. */
  readonly ends: ReadonlySet<string>;
  /** By name of the source, the names of the destinations of the flows that differ, as either side has them. */
  readonly pairs: ReadonlyMap<string, ReadonlySet<string>>;
  readonly flows: SideBySide<Flow>;
}

/**
 * Compares two snapshots list by list. What both have in the same place costs least.
 * @example touched(before, after).ends.has('shop/frontend')
 */
export function touched(before: Snapshot, after: Snapshot): Touched {
  const flows = flowsSideBySide(before, after);
  return {
    ends: new Set([...tiersTouched(before, after).map(tierRef), ...peersTouched(before, after)]),
    pairs: pairsOf(flows.differing),
    flows,
  };
}

/**
 * The flows between ends that may have changed, and those of a pair of which a flow did, of both lists. Where both say the same it is looked
 * at in one of them: most of the time goes into walking over flows that did not change.
 */
export function touchedFlows(
  { ends, pairs, flows: { stretches, apart } }: Touched,
  before: readonly Flow[],
  after: readonly Flow[],
): { readonly before: Flow[]; readonly after: Flow[] } {
  const isPair = ({ from, to }: Flow): boolean => pairs.get(endName(from))?.has(endName(to)) ?? false;
  const isEnd = ({ from, to }: Flow): boolean => ends.has(endName(from)) || ends.has(endName(to));
  const isTouched = (flow: Flow): boolean => isPair(flow) || (ends.size > 0 && isEnd(flow));
  const [was, is] = [apart.before.filter(isTouched), apart.after.filter(isTouched)];
  if (ends.size === 0 && pairs.size === 0) return { before: was, after: is };
  for (const stretch of stretches) {
    for (let at = 0; at < stretch.length; at++) {
      const flow = before[stretch.before + at];
      if (flow === undefined || !isTouched(flow)) continue;
      was.push(flow);
      const twin = after[stretch.after + at];
      if (twin !== undefined) is.push(twin);
    }
  }
  return { before: was, after: is };
}

/** Tiers that differ, and all those of an application that is placed otherwise. */
function tiersTouched(before: Snapshot, after: Snapshot): Tier[] {
  const { differing } = sideBySide(before.tiers, after.tiers, { nameOf: tierRef, same: sameTier });
  const applications = new Set(otherwisePlaced(before, after).map(({ application }) => application));
  if (applications.size === 0) return [...differing];
  const replaced = [...before.tiers, ...after.tiers].filter(({ application }) => applications.has(application));
  return [...differing, ...replaced];
}

function sameTier(a: Tier, b: Tier): boolean {
  if (a === b) return true;
  const sameName = a.name === b.name && a.application === b.application;
  return sameName && samePorts(a.ports, b.ports) && sameValue(a.podSelector, b.podSelector);
}

function otherwisePlaced(before: Snapshot, after: Snapshot): readonly Placement[] {
  const here = ({ environment, placements }: Snapshot): Placement[] =>
    placements.filter((placement) => placement.environment === environment.name);
  return sideBySide(here(before), here(after), { nameOf: ({ application }) => application, same: samePlacement })
    .differing;
}

/** In one environment or in two: its name does not count. */
function samePlacement(a: Placement, b: Placement): boolean {
  return a.application === b.application && a.namespace === b.namespace && sameValue(a.tiers, b.tiers);
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
  const { differing } = sideBySide(before.peers, after.peers, { nameOf: ({ name }) => name, same: sameValue });
  return [...differing, ...moved].map(({ name }) => name);
}

function flowsSideBySide(before: Snapshot, after: Snapshot): SideBySide<Flow> {
  const [was, is] = [before.environment.name, after.environment.name];
  const holds = ({ environments }: Flow, environment: string): boolean =>
    environments === undefined || environments.includes(environment);
  return sideBySide(before.flows, after.flows, {
    nameOf: ({ name }) => name,
    same: (a, b) => (a === b && was === is) || (sameFlow(a, b) && holds(a, was) === holds(b, is)),
  });
}

function sameFlow(a: Flow, b: Flow): boolean {
  return a.name === b.name && sameEnd(a.from, b.from) && sameEnd(a.to, b.to) && samePorts(a.ports, b.ports);
}

function sameEnd(a: Endpoint, b: Endpoint): boolean {
  return endName(a) === endName(b);
}

function pairsOf(flows: readonly Flow[]): Map<string, Set<string>> {
  const pairs = new Map<string, Set<string>>();
  for (const { from, to } of flows) {
    const known = pairs.get(endName(from));
    if (known === undefined) pairs.set(endName(from), new Set([endName(to)]));
    else known.add(endName(to));
  }
  return pairs;
}
