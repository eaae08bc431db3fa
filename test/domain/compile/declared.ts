import { matches } from '../../../src/domain/evaluate/selector.js';
import {
  ALL_PORTS,
  intersectPorts,
  NO_PORTS,
  portSetOf,
  unionPorts,
  type PortSet,
} from '../../../src/domain/evaluate/port-set.js';
import { blockHolds } from '../../../src/domain/evaluate/ranges.js';
import type { NamespaceFacts, WorkloadFacts } from '../../../src/domain/kubernetes/workload.js';
import { parseAddress, type CidrBlock } from '../../../src/domain/model/cidr.js';
import { tierRef, type Endpoint, type Flow, type Tier } from '../../../src/domain/model/entities.js';
import type { Labels } from '../../../src/domain/model/labels.js';
import { placeAs, type PlacedAs } from '../../../src/domain/model/placed-tier.js';
import type { PortRange } from '../../../src/domain/model/ports.js';
import type { LabelSelector } from '../../../src/domain/model/selector.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { NAMESPACES } from './random-snapshot.js';

/** Who may be asked about: pods of a made-up cluster, or an address outside it. */
export type Subject =
  | { readonly kind: 'pod'; readonly ref: string; readonly namespace: string; readonly labels: Labels }
  | { readonly kind: 'address'; readonly ref: string };

interface Here extends PlacedAs {
  readonly ref: string;
  readonly namespace: string;
}

const LABELS_OF_NAMESPACES: Record<string, Labels> = { two: { team: 'blue' }, elsewhere: { team: 'blue' } };
export const CLUSTER: readonly NamespaceFacts[] = [...NAMESPACES, 'elsewhere'].map((name) => ({
  name,
  labels: { 'kubernetes.io/metadata.name': name, ...LABELS_OF_NAMESPACES[name] },
}));
const ADDRESSES = [
  '10.1.2.3',
  '10.1.9.9',
  '10.9.9.9',
  '192.0.2.1',
  '203.0.113.7',
  '8.8.8.8',
  'fd00:1::1',
  'fd99::1',
  '2001:db8::1',
  '2600::1',
];
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
];

/** Pods that matter for a snapshot: what each tier and peer selects, the same with a label changed, DNS, and pods of no one. */
export function clusterOf(snapshot: Snapshot): {
  readonly workloads: readonly WorkloadFacts[];
  readonly subjects: readonly Subject[];
} {
  const pods = new Map<string, { namespace: string; labels: Labels }>();
  const add = (namespace: string, labels: Labels): unknown =>
    pods.set(JSON.stringify([namespace, Object.entries(labels).sort()]), { namespace, labels });
  for (const tier of placedTiers(snapshot)) {
    const example = exampleOf(tier.podSelector);
    if (tier.outside.length > 0) continue;
    add(tier.namespace, example);
    add(tier.namespace, { ...example, track: 'z' });
  }
  for (const peer of snapshot.peers) {
    if (peer.kind === 'pods') for (const { name } of CLUSTER.slice(0, 2)) add(name, exampleOf(peer.podSelector ?? {}));
  }
  add('elsewhere', {});
  add('kube-system', { 'k8s-app': 'kube-dns' });
  const { monitoring } = snapshot.environment.profile;
  if (monitoring !== null) add('elsewhere', exampleOf(monitoring.podSelector));
  const workloads = [...pods.values()].map((pod, index) => ({ ...pod, name: `pod-${index}`, kind: 'Pod' }));
  const subjects = workloads.map((pod) => ({ ...pod, kind: 'pod' as const, ref: `${pod.namespace}/${pod.name}[Pod]` }));
  return { workloads, subjects: [...subjects, ...ADDRESSES.map((ref) => ({ kind: 'address' as const, ref }))] };
}

/** Labels that the selector matches, if it matches any: enough for the few shapes the generator makes. */
function exampleOf(selector: LabelSelector): Labels {
  const labels: Record<string, string> = { ...selector.matchLabels };
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    if (!Object.hasOwn(labels, key) && operator === 'In') labels[key] = values?.[0] ?? '';
    if (!Object.hasOwn(labels, key) && operator === 'Exists') labels[key] = 'x';
  }
  return labels;
}

function placedTiers(snapshot: Snapshot): Here[] {
  return snapshot.tiers.flatMap((tier: Tier) => {
    const placement = snapshot.placements.find((one) => one.application === tier.application);
    const override = placement?.tiers.find((own) => own.tier === tier.name);
    return placement === undefined
      ? []
      : [{ ref: tierRef(tier), namespace: placement.namespace, ...placeAs(tier, override) }];
  });
}

/**
 * What a snapshot declares between two subjects, read straight from the model by the words of the design: the judge that compile and
 * render are held against. Shares nothing with them.
 */
export function declaredPorts(snapshot: Snapshot): (src: Subject, dst: Subject) => PortSet {
  const tiers = placedTiers(snapshot);
  const flows = snapshot.flows.filter((flow) => isRendered(snapshot, tiers, flow));
  const side = (direction: 'ingress' | 'egress', own: Subject, other: Subject): PortSet => {
    if (own.kind === 'address') return ALL_PORTS;
    const mine = tiers.filter((tier) => tier.outside.length === 0 && holdsPod(tier.namespace, tier.podSelector, own));
    const near = (flow: Flow): Endpoint => (direction === 'egress' ? flow.from : flow.to);
    const far = (flow: Flow): Endpoint => (direction === 'egress' ? flow.to : flow.from);
    let isolated =
      snapshot.environment.profile.defaultDeny &&
      tiers.some((tier) => tier.outside.length === 0 && tier.namespace === own.namespace);
    let ports = NO_PORTS;
    for (const tier of mine) {
      const extra = direction === 'egress' ? dnsRule(snapshot, other) : monitoringRule(snapshot, tier, other);
      const own = flows.filter((flow) => isTier(near(flow), tier.ref));
      isolated ||= direction === 'egress' || own.length > 0 || extra !== undefined;
      const open = own.filter((flow) => endHolds(snapshot, tiers, far(flow), other, tier.namespace));
      ports = unionPorts(ports, portSetOf([...open.flatMap((flow) => portsOf(tiers, flow)), ...(extra ?? [])]));
    }
    return isolated ? ports : ALL_PORTS;
  };
  return (src, dst) => intersectPorts(side('egress', src, dst), side('ingress', dst, src));
}

function isRendered(snapshot: Snapshot, tiers: readonly Here[], flow: Flow): boolean {
  const exists = (end: Endpoint): boolean => {
    if ('tier' in end) return tiers.some((tier) => tier.ref === end.tier);
    const peer = snapshot.peers.find((one) => one.name === end.peer);
    if (peer?.kind === 'cidr') return peer.blocks.some((block) => block.environments?.includes('dev') ?? true);
    if (peer?.kind === 'nodes') return snapshot.environment.profile.nodeCidrs.length > 0;
    if (peer?.kind === 'apiserver') return snapshot.environment.profile.apiServerCidrs.length > 0;
    if (peer?.kind === 'internet') return !['0.0.0.0/0', '::/0'].every((all) => peer.except?.includes(all));
    return peer !== undefined;
  };
  const here = flow.environments?.includes('dev') ?? true;
  return here && exists(flow.from) && exists(flow.to) && portsOf(tiers, flow).length > 0;
}

function portsOf(tiers: readonly Here[], flow: Flow): PortRange[] {
  const named = tiers.find((tier) => isTier(flow.to, tier.ref))?.ports ?? [];
  return flow.ports.flatMap((port) => (typeof port === 'string' ? named.filter((own) => own.name === port) : [port]));
}

function endHolds(
  snapshot: Snapshot,
  tiers: readonly Here[],
  end: Endpoint,
  subject: Subject,
  otherNamespace: string,
): boolean {
  const profile = snapshot.environment.profile;
  if ('tier' in end) {
    const tier = tiers.find((one) => one.ref === end.tier);
    if (tier === undefined) return false;
    return tier.outside.length > 0
      ? inBlocks(tier.outside, subject)
      : holdsPod(tier.namespace, tier.podSelector, subject);
  }
  const peer = snapshot.peers.find((one) => one.name === end.peer);
  switch (peer?.kind) {
    case 'pods':
      return holdsPod(peer.namespaceSelector ?? otherNamespace, peer.podSelector ?? {}, subject);
    case 'cidr':
      return inBlocks(
        peer.blocks.filter((block) => block.environments?.includes('dev') ?? true),
        subject,
      );
    case 'internet':
      return (
        subject.kind === 'address' &&
        !inBlocks(
          (peer.except ?? PRIVATE).map((cidr) => ({ cidr })),
          subject,
        )
      );
    case 'nodes':
      return inBlocks(
        profile.nodeCidrs.map((cidr) => ({ cidr })),
        subject,
      );
    case 'apiserver':
      return inBlocks(
        profile.apiServerCidrs.map((cidr) => ({ cidr })),
        subject,
      );
    default:
      return peer?.kind === 'anywhere';
  }
}

function dnsRule({ environment: { profile } }: Snapshot, other: Subject): readonly PortRange[] {
  const { dns } = profile;
  if (dns === null) return [];
  const isDns =
    holdsPod(dns.namespaceSelector, dns.podSelector, other) ||
    inBlocks(
      (dns.nodeLocalCidrs ?? []).map((cidr) => ({ cidr })),
      other,
    );
  return isDns ? dns.ports : [];
}

/** Nothing where the tier has no port that is watched: then monitoring does not isolate it either. */
function monitoringRule(
  { environment: { profile } }: Snapshot,
  tier: Here,
  other: Subject,
): readonly PortRange[] | undefined {
  const watched = tier.ports.filter((port) => profile.monitoring?.portNames.includes(port.name));
  if (profile.monitoring === null || watched.length === 0) return undefined;
  return holdsPod(profile.monitoring.namespaceSelector, profile.monitoring.podSelector, other) ? watched : [];
}

function holdsPod(namespaces: string | LabelSelector, pods: LabelSelector, subject: Subject): boolean {
  if (subject.kind === 'address') return false;
  const labels = CLUSTER.find(({ name }) => name === subject.namespace)?.labels ?? {};
  const there = typeof namespaces === 'string' ? namespaces === subject.namespace : matches(namespaces, labels);
  return there && matches(pods, subject.labels);
}

function inBlocks(blocks: readonly CidrBlock[], subject: Subject): boolean {
  const address = subject.kind === 'address' ? parseAddress(subject.ref) : undefined;
  return address !== undefined && blocks.some((block) => blockHolds(block, address.family, address.value));
}

function isTier(end: Endpoint, ref: string): boolean {
  return 'tier' in end && end.tier === ref;
}
