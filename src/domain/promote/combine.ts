import { compareText } from '../errors.js';
import { type Flow, type Peer, type Placement, tierRef } from '../model/entities.js';
import type { Snapshot } from '../model/snapshot.js';

/** What a promotion is made of. */
export interface PromotionParts {
  /** Of the version that is promoted, as it was stored. */
  readonly source: Snapshot;
  /** The working model of the environment that it goes to. */
  readonly target: Snapshot;
  /** Of the latest version of that environment, where it has one. */
  readonly latest: Snapshot | undefined;
}

/** The flows of a promotion, and what became of the others. */
export interface PromotedFlows {
  /** As the source has them: it renders them, or could, and they hold in the target too. */
  readonly promoted: readonly Flow[];
  /** As the latest version of the target has them: the source does not speak of them. */
  readonly kept: readonly Flow[];
  /** Declared for the source, and not for the target. */
  readonly leftOut: readonly Flow[];
}

/**
 * Sorts out the flows. A version speaks of a flow that holds in its environment and whose tiers are placed there: of no other flow did it
 * prove anything, and that it lacks one says nothing.
 * @example promotedFlows({ source, target, latest }).leftOut.map(({ name }) => name) // flows of the source environment alone
 */
export function promotedFlows(parts: PromotionParts): PromotedFlows {
  const { source, target, latest } = parts;
  const placed = placedIn(source);
  const from = source.environment.name;
  const to = target.environment.name;
  const now = new Map(target.flows.map((flow) => [flow.name, flow]));
  const spoken = source.flows.filter((flow) => holdsIn(flow, from) && allPlaced(flow, placed));
  const promoted = spoken.filter((flow) => holdsIn(flow, to));
  const names = new Set(promoted.map(({ name }) => name));
  // A flow that was narrowed to the target since its latest version is the target's own all the same.
  const own = (flow: Flow): boolean => !holdsIn(flow, from) || !holdsIn(now.get(flow.name) ?? flow, from);
  const stays = (flow: Flow): boolean => holdsIn(flow, to) && (own(flow) || !allPlaced(flow, placed));
  return {
    promoted,
    kept: (latest?.flows ?? []).filter((flow) => !names.has(flow.name) && stays(flow)),
    leftOut: spoken.filter((flow) => !holdsIn(flow, to)),
  };
}

/**
 * The snapshot of a promotion: the applications that the source places, with their tiers, the flows among them and the peers of these as the
 * source has them; the profile, the placements of these applications and the addresses of cidr peers as they are in the target now;
 * and all that the source does not speak of as the latest version of the target has it.
 * The revision is the source's: it says which declarations were rendered.
 */
export function combine(parts: PromotionParts, flows: PromotedFlows): Snapshot {
  const { source, target, latest } = parts;
  const placed = placedIn(source);
  const of = <T>(list: readonly T[], other: readonly T[] | undefined, applicationOf: (value: T) => string): T[] => [
    ...list.filter((value) => placed.has(applicationOf(value))),
    ...(other ?? []).filter((value) => !placed.has(applicationOf(value))),
  ];
  const applications = of(source.applications, latest?.applications, ({ name }) => name);
  const tiers = of(source.tiers, latest?.tiers, ({ application }) => application);
  const placements = of(target.placements, latest?.placements, ({ application }) => application);
  return {
    revision: source.revision,
    environment: target.environment,
    teams: byName([...source.teams, ...lacking(source.teams, latest?.teams)]),
    applications: byName(applications),
    tiers: tiers.sort((a, b) => compareText(a.application, b.application) || compareText(a.name, b.name)),
    peers: byName(peersOf(parts, flows.promoted)),
    placements: placementsOf(placements, new Set(tiers.map(tierRef)), new Set(applications.map(({ name }) => name))),
    flows: byName([...flows.promoted, ...flows.kept]),
  };
}

/** Whether a flow holds in an environment, wherever its tiers are. */
export function holdsIn({ environments }: Flow, environment: string): boolean {
  return environments?.includes(environment) ?? true;
}

/** The applications that a snapshot places. */
export function placedIn({ environment, placements }: Snapshot): ReadonlySet<string> {
  const here = placements.filter((placement) => placement.environment === environment.name);
  return new Set(here.map(({ application }) => application));
}

function allPlaced({ from, to }: Flow, placed: ReadonlySet<string>): boolean {
  return [from, to].every((end) => !('tier' in end) || placed.has(end.tier.split('/', 1)[0] ?? ''));
}

/** Those of promoted flows, and those that the target's latest version lacks, are the source's. */
function peersOf({ source, target, latest }: PromotionParts, promoted: readonly Flow[]): Peer[] {
  const used = new Set(promoted.flatMap(({ from, to }) => [from, to].map((end) => ('peer' in end ? end.peer : ''))));
  const now = new Map(target.peers.map((peer) => [peer.name, peer]));
  const stay = (latest?.peers ?? []).filter(({ name }) => !used.has(name));
  const come = source.peers.filter(({ name }) => used.has(name));
  const others = lacking([...stay, ...come], source.peers);
  return [...stay, ...[...come, ...others].map((peer) => withBlocksOf(peer, now.get(peer.name)))];
}

/** Addresses are facts of the environment: those that the working model has for the peer. */
function withBlocksOf(peer: Peer, now: Peer | undefined): Peer {
  return peer.kind === 'cidr' ? { ...peer, blocks: now?.kind === 'cidr' ? now.blocks : [] } : peer;
}

/** Without what a placement says of applications and tiers that are not there. */
function placementsOf(
  placements: readonly Placement[],
  tiers: ReadonlySet<string>,
  applications: ReadonlySet<string>,
): Placement[] {
  const known = placements.filter(({ application }) => applications.has(application));
  return known
    .map((placement) => ({
      ...placement,
      tiers: placement.tiers.filter(({ tier }) => tiers.has(`${placement.application}/${tier}`)),
    }))
    .sort((a, b) => compareText(a.application, b.application));
}

function lacking<T extends { readonly name: string }>(list: readonly T[], others: readonly T[] = []): T[] {
  const names = new Set(list.map(({ name }) => name));
  return others.filter(({ name }) => !names.has(name));
}

function byName<T extends { readonly name: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => compareText(a.name, b.name));
}
