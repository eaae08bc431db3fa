import { endName, tierRef, type Flow } from '../../model/entities.js';
import type { Snapshot } from '../../model/snapshot.js';
import { sameValue } from '../same-value.js';
import { touchedFlows, type Touched } from './touched.js';

/** As much of two snapshots as it takes to tell how they differ, and the namespaces in which pods may be isolated otherwise. */
export interface Reduced {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** All tiers placed in these are kept, as the name of an object depends on the other tiers of its namespace. */
  readonly namespaces: ReadonlySet<string>;
}

/**
 * Keeps the flows between ends that may have changed, their tiers and peers, and all that stands in the namespaces of those tiers.
 * @example reduced(before, after, touched(before, after)).after.flows.length // 1 of 100,000
 */
export function reduced(before: Snapshot, after: Snapshot, what: Touched): Reduced {
  const { before: was, after: is } = touchedFlows(what, before.flows, after.flows);
  const namespaces = isolatedOtherwise(before, after)
    ? new Set([before, after].flatMap(({ placements }) => placements.map(({ namespace }) => namespace)))
    : namespacesOf([before, after], new Set([...what.ends, ...endsOf(was), ...endsOf(is)]));
  // Under a default deny all is isolated; elsewhere a tier is isolated by its first inbound flow, so all of those count.
  const inbound = !before.environment.profile.defaultDeny || !after.environment.profile.defaultDeny;
  const kept = (snapshot: Snapshot, flows: readonly Flow[]): Snapshot =>
    keep(snapshot, namespaces, flows, inbound ? 'inbound too' : 'no others');
  return { before: kept(before, was), after: kept(after, is), namespaces };
}

/** Facts of the profile that decide for every namespace whether its pods are isolated. */
function isolatedOtherwise({ environment: { profile: was } }: Snapshot, { environment }: Snapshot): boolean {
  const is = environment.profile;
  return was.defaultDeny !== is.defaultDeny || (!is.defaultDeny && !sameValue(was.monitoring, is.monitoring));
}

function endsOf(flows: readonly Flow[]): Set<string> {
  return new Set(flows.flatMap(({ from, to }) => [endName(from), endName(to)]));
}

function namespacesOf(snapshots: readonly Snapshot[], ends: ReadonlySet<string>): Set<string> {
  const applications = new Set(applicationsOf(ends));
  const namespaces = new Set<string>();
  for (const { placements } of snapshots)
    for (const { application, namespace } of placements) if (applications.has(application)) namespaces.add(namespace);
  return namespaces;
}

function applicationsOf(ends: ReadonlySet<string>): string[] {
  const tiers = [...ends].filter((end) => end.includes('/'));
  return tiers.map((tier) => tier.slice(0, tier.indexOf('/')));
}

/** Tiers are kept by their application, some more than it takes: that asks for no reference of each. */
function keep(
  snapshot: Snapshot,
  namespaces: ReadonlySet<string>,
  touched: readonly Flow[],
  others: 'inbound too' | 'no others',
): Snapshot {
  const within = snapshot.placements.filter(({ namespace }) => namespaces.has(namespace));
  const applications = new Set(within.map(({ application }) => application));
  const flows = others === 'no others' ? touched : withInbound(snapshot, applications, touched);
  const ends = endsOf(flows);
  const concerned = new Set([...applications, ...applicationsOf(ends)]);
  return {
    ...snapshot,
    tiers: snapshot.tiers.filter(({ application }) => concerned.has(application)),
    peers: snapshot.peers.filter(({ name }) => ends.has(name)),
    flows,
  };
}

function withInbound(snapshot: Snapshot, applications: ReadonlySet<string>, flows: readonly Flow[]): Flow[] {
  const tiers = snapshot.tiers.filter(({ application }) => applications.has(application));
  const destinations = new Set(tiers.map(tierRef));
  const known = new Set(flows);
  return snapshot.flows.filter((flow) => known.has(flow) || destinations.has(endName(flow.to)));
}
