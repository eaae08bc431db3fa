import type { Application, Endpoint, Flow, FlowPort, Peer, Placement, Tier } from '../src/domain/model/entities.js';
import type { Manifests } from '../src/domain/kubernetes/read-manifests.js';
import { DEFAULT_PROFILE, tierRef } from '../src/domain/model/entities.js';
import type { Snapshot } from '../src/domain/model/snapshot.js';
import { renderBundle } from '../src/domain/render/bundle.js';

/** `zipf` is the exponent of the popularity of destinations: 0 is even, 1 makes the first one the peer of nearly everyone. */
export interface EstateSize {
  readonly services: number;
  readonly flows: number;
  readonly seed: number;
  readonly zipf?: number;
}

const SERVICES_PER_NAMESPACE = 15;
const SERVICES_PER_APPLICATION = 5;
const ENVIRONMENT = 'prod';

const PEERS: readonly Peer[] = [
  {
    name: 'ingress-controller',
    kind: 'pods',
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } },
    podSelector: { matchLabels: { 'app.kubernetes.io/name': 'ingress-nginx' } },
  },
  { name: 'office', kind: 'cidr', blocks: [{ cidr: '192.0.2.0/24' }, { cidr: '2001:db8:1::/48' }] },
  { name: 'internet', kind: 'internet' },
];

/**
 * A company's estate, made up from a seed: services in applications of five and namespaces of fifteen, and flows whose destinations are
 * skewed as in life: a few services that most others call, and many that one or two call. One flow in twenty has a peer at an end.
 * @example generateEstate({ services: 1500, flows: 9300, seed: 1 }).tiers.length // 1500
 */
export function generateEstate({ services, flows, seed, zipf = 0.9 }: EstateSize): Snapshot {
  const tiers = Array.from({ length: services }, (_, index) => makeTier(index));
  const applications = [...new Set(tiers.map((tier) => tier.application))].map(makeApplication);
  return {
    revision: 1,
    environment: { name: ENVIRONMENT, profile: DEFAULT_PROFILE },
    teams: [...new Set(applications.map((application) => application.team))].map((name) => ({ name })),
    applications,
    tiers,
    peers: PEERS,
    placements: applications.map((application, index) => makePlacement(application, index)),
    flows: makeFlows(tiers, flows, zipf, randomOf(seed)),
  };
}

function makeTier(index: number): Tier {
  const application = `app-${number(Math.floor(index / SERVICES_PER_APPLICATION))}`;
  const name = `service-${number(index)}`;
  const matchLabels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': application };
  const ports = [
    { name: 'http', protocol: 'TCP' as const, port: 8080 },
    { name: 'grpc', protocol: 'TCP' as const, port: 9090 },
  ];
  return { application, name, podSelector: { matchLabels }, ports };
}

function makeApplication(name: string, index: number): Application {
  return { name, team: `team-${number(Math.floor(index / 4))}` };
}

function makePlacement(application: Application, index: number): Placement {
  const perNamespace = SERVICES_PER_NAMESPACE / SERVICES_PER_APPLICATION;
  return {
    environment: ENVIRONMENT,
    application: application.name,
    namespace: `space-${number(Math.floor(index / perNamespace))}`,
    tiers: [],
  };
}

function makeFlows(tiers: readonly Tier[], count: number, zipf: number, random: () => number): Flow[] {
  const popular = popularity(tiers.length, zipf, random);
  const known = new Set<string>();
  const flows: Flow[] = [];
  while (flows.length < count) {
    const flow = flows.length % 20 === 0 ? peerFlow(tiers, random) : tierFlow(tiers, popular, random);
    const key = JSON.stringify([flow.from, flow.to]);
    // A flow to itself is none, and the same pair twice is a duplicate.
    if (known.has(key) || endText(flow.from) === endText(flow.to)) continue;
    known.add(key);
    // Field by field: of spread flows every one has a shape of its own to the engine, which no snapshot that was read has.
    flows.push({ name: `flow-${number(flows.length)}`, from: flow.from, to: flow.to, ports: flow.ports });
  }
  return flows;
}

const endText = (end: Endpoint): string => ('tier' in end ? end.tier : `peer ${end.peer}`);

type Ends = Pick<Flow, 'from' | 'to' | 'ports'>;

function tierFlow(tiers: readonly Tier[], popular: () => number, random: () => number): Ends {
  const ports: FlowPort[] = random() < 0.8 ? ['http'] : random() < 0.5 ? ['grpc'] : ['http', 'grpc'];
  return { from: tierAt(tiers, Math.floor(random() * tiers.length)), to: tierAt(tiers, popular()), ports };
}

function peerFlow(tiers: readonly Tier[], random: () => number): Ends {
  const tier = tierAt(tiers, Math.floor(random() * tiers.length));
  const peer = PEERS[Math.floor(random() * PEERS.length)]?.name ?? 'internet';
  if (peer === 'internet') return { from: tier, to: { peer }, ports: [{ protocol: 'TCP', port: 443 }] };
  return { from: { peer }, to: tier, ports: ['http'] };
}

function tierAt(tiers: readonly Tier[], index: number): Endpoint {
  const tier = tiers[index];
  if (tier === undefined) throw new RangeError(`estate: no tier ${index}, there are ${tiers.length}`);
  return { tier: tierRef(tier) };
}

/** Draws indexes by Zipf's law; which service has which rank is shuffled, so that popular ones are not neighbours. */
function popularity(size: number, exponent: number, random: () => number): () => number {
  const ranks = shuffled(size, random);
  let total = 0;
  const upTo = ranks.map((_, rank) => (total += 1 / (rank + 1) ** exponent));
  return () => ranks[firstAtLeast(upTo, random() * total)] ?? 0;
}

function shuffled(size: number, random: () => number): number[] {
  const keyed = Array.from({ length: size }, (_, index) => ({ index, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ index }) => index);
}

function firstAtLeast(sorted: readonly number[], wanted: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function number(value: number): string {
  return String(value).padStart(5, '0');
}

/** The same numbers from 0 to 1 for the same seed, on every machine (mulberry32, public domain). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The workloads of an estate, with the policies that are rendered for it. */
export function manifestsOf(size: EstateSize): Manifests {
  const snapshot = generateEstate(size);
  const namespaces = new Map(snapshot.placements.map(({ application, namespace }) => [application, namespace]));
  const workloads = snapshot.tiers.map(({ application, name, podSelector, ports }) => ({
    namespace: namespaces.get(application) ?? '',
    name,
    kind: 'Deployment',
    labels: podSelector.matchLabels ?? {},
    listens: ports,
  }));
  return { namespaces: [], workloads, services: [], policies: renderBundle(snapshot).policies, findings: [] };
}
