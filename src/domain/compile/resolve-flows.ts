import type { Finding } from '../finding.js';
import { tierRef, type Endpoint, type Flow, type FlowPort } from '../model/entities.js';
import type { Snapshot } from '../model/snapshot.js';
import type { PortSet, Reach, TierOfPods } from './compiled.js';
import { finding, type CompileCode } from './findings.js';
import type { PlacedPeer, PlacedPeers } from './place-peers.js';
import type { PlacedTier, PlacedTiers } from './place-tiers.js';
import { NO_PORTS, portSet } from './port-sets.js';

/** One end of a flow here: a tier of pods, whose object holds this side, or what has no object; and how the other end sees it. */
export interface ResolvedEnd {
  /** `tier "shop/frontend"` or `peer "users"`. */
  readonly text: string;
  readonly tier: TierOfPods | undefined;
  readonly peer: PlacedPeer | undefined;
  readonly seen: Reach;
}

/** A flow that is rendered here: at least one end is a tier of pods, both have addresses, and there are ports. */
export interface ResolvedFlow {
  readonly name: string;
  readonly from: ResolvedEnd;
  readonly to: ResolvedEnd;
  readonly ports: PortSet;
}

export interface ResolvedFlows {
  readonly flows: readonly ResolvedFlow[];
  readonly findings: readonly Finding[];
}

/** What a flow is resolved against. */
interface Here {
  readonly environment: string;
  readonly tiers: ReadonlyMap<string, TierEnd>;
  readonly peers: ReadonlyMap<string, PlacedPeer>;
  readonly modelTiers: ReadonlySet<string>;
}

interface TierEnd {
  readonly kind: 'tier';
  readonly text: string;
  readonly ports: ReadonlyMap<string, PortSet>;
  readonly resolved: ResolvedEnd;
}

interface PeerEnd {
  readonly kind: 'peer';
  readonly text: string;
  readonly peer: PlacedPeer;
}

type End = TierEnd | PeerEnd;
type Note = (code: CompileCode, message: string) => void;

/**
 * The flows that this environment renders, each with both ends as the other one sees it. A flow that cannot be rendered is a finding.
 * @example resolveFlows(snapshot, placeTiers(snapshot), placePeers(snapshot)).flows[0]?.ports.key // 'TCP 80'
 */
export function resolveFlows(snapshot: Snapshot, { tiers }: PlacedTiers, { peers }: PlacedPeers): ResolvedFlows {
  const environment = snapshot.environment.name;
  const ends = new Map([...tiers].map(([ref, tier]) => [ref, tierEnd(tier)]));
  const here: Here = { environment, tiers: ends, peers, modelTiers: new Set(snapshot.tiers.map(tierRef)) };
  const flows: ResolvedFlow[] = [];
  const findings: Finding[] = [];
  for (const flow of snapshot.flows) {
    if (!(flow.environments?.includes(environment) ?? true)) continue;
    const note: Note = (code, message) =>
      findings.push(finding(code, `flow/${flow.name}`, `flow "${flow.name}" ${message}`));
    const resolved = resolveFlow(flow, here, note);
    if (resolved !== undefined) flows.push(resolved);
  }
  return { flows, findings };
}

function resolveFlow(flow: Flow, here: Here, note: Note): ResolvedFlow | undefined {
  const source = findEnd(flow.from, here, note);
  const destination = findEnd(flow.to, here, note);
  if (source === undefined || destination === undefined) return undefined;
  const from = seenFrom(source, destination);
  const to = seenFrom(destination, source);
  const ports = resolvePorts(flow, destination, note);
  if (from === undefined || to === undefined) {
    note(
      'flow-without-tier',
      `is not rendered: neither ${source.text} nor ${destination.text} runs as pods of a tier in environment "${here.environment}"`,
    );
    return undefined;
  }
  for (const end of [from, to]) {
    if (end.seen.length === 0)
      note(
        'peer-without-addresses',
        `is not rendered: ${end.text} has no address in environment "${here.environment}"`,
      );
  }
  if (ports.ranges.length === 0) note('flow-without-ports', 'is not rendered: it has no port');
  const complete = from.seen.length > 0 && to.seen.length > 0 && ports.ranges.length > 0;
  return complete ? { name: flow.name, from, to, ports } : undefined;
}

function findEnd(end: Endpoint, here: Here, note: Note): End | undefined {
  if ('peer' in end) {
    const peer = here.peers.get(end.peer);
    if (peer === undefined) note('flow-end-unknown', `is not rendered: peer "${end.peer}" does not exist`);
    return peer && { kind: 'peer', text: `peer "${end.peer}"`, peer };
  }
  const tier = here.tiers.get(end.tier);
  if (tier !== undefined) return tier;
  if (!here.modelTiers.has(end.tier)) note('flow-end-unknown', `is not rendered: tier "${end.tier}" does not exist`);
  else
    note('flow-not-placed', `is not rendered: tier "${end.tier}" is not placed in environment "${here.environment}"`);
  return undefined;
}

function tierEnd(tier: PlacedTier): TierEnd {
  const text = `tier "${tier.ref}"`;
  const resolved = { text, tier: tier.kind === 'pods' ? tier : undefined, peer: undefined, seen: tier.seen };
  const ports = new Map(tier.ports.map((port) => [port.name, portSet([port])]));
  return { kind: 'tier', text, ports, resolved };
}

/** Nothing where no object could hold the flow: it needs a tier of pods at one end, and a peer is seen from a namespace. */
function seenFrom(end: End, other: End): ResolvedEnd | undefined {
  const pods = other.kind === 'tier' ? other.resolved.tier : undefined;
  if (end.kind === 'tier') return end.resolved.tier === undefined && pods === undefined ? undefined : end.resolved;
  return pods && { text: end.text, tier: undefined, peer: end.peer, seen: end.peer.seenFrom(pods.namespace) };
}

/** Names of ports are those of the destination tier, also where the flow comes from a peer. */
function resolvePorts(flow: Flow, destination: End, note: Note): PortSet {
  const sets = flow.ports.map((port) => portsOf(port, destination, note));
  const [first] = sets;
  return sets.length === 1 && first !== undefined ? first : portSet(sets.flatMap((set) => set.ranges));
}

function portsOf(port: FlowPort, destination: End, note: Note): PortSet {
  if (typeof port !== 'string') return portSet([port]);
  const known = destination.kind === 'tier' ? destination.ports.get(port) : undefined;
  if (known === undefined) note('flow-port-unknown', `names port "${port}", which ${destination.text} does not have`);
  return known ?? NO_PORTS;
}
