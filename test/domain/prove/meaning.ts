import { matches } from '../../../src/domain/evaluate/selector.js';
import {
  formatPortSet,
  NO_PORTS,
  portSetOf,
  unionPorts,
  ALL_PORTS,
  everyPortOf,
  type PortSet,
} from '../../../src/domain/evaluate/port-set.js';
import type {
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../../../src/domain/kubernetes/network-policy.js';
import { parseAddress, parseCidr } from '../../../src/domain/model/cidr.js';
import type { Labels } from '../../../src/domain/model/labels.js';

interface Pod {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
}

/** One name stands twice: a proof is about every cluster, also about one in which that namespace has another label. */
const NAMESPACES: readonly (readonly [name: string, labels: Labels])[] = [
  ['one', {}],
  ['two', {}],
  ['two', { team: 'green' }],
  ['kube-system', {}],
  ['elsewhere', { team: 'blue' }],
  ['unmanaged', {}],
];
const VALUES = [undefined, 'x', 'y', 'z', '', 'added', 'fresh'];
const ADDRESSES = [
  '10.1.2.3',
  '10.1.9.9',
  '10.9.9.9',
  '11.0.0.1',
  '192.0.2.1',
  '192.0.3.1',
  '203.0.113.6',
  '203.0.113.7',
  '8.8.8.8',
  '127.0.0.1',
  '128.0.0.1',
].concat([
  'fd00:1::1',
  'fd00:2::1',
  'fd99::1',
  'fc99::1',
  '2001:db8::1',
  '2001:db9::1',
  '2600::1',
  '7fff::1',
  'ffff::1',
]);

/** Every pod that the random snapshots could tell apart (with the tier labels given), in a few namespaces. */
export function everyPod(tiers: readonly string[]): readonly Pod[] {
  const tierValues = [undefined, 'fresh', ...tiers];
  const some = VALUES.flatMap((app) =>
    VALUES.flatMap((track) => ['x', 'y', undefined, 'fresh'].map((constructor) => ({ app, track, constructor }))),
  );
  return NAMESPACES.flatMap(([namespace, own]) => {
    const namespaceLabels = { 'kubernetes.io/metadata.name': namespace, ...own };
    return tierValues.flatMap((tier) =>
      [...some, { 'k8s-app': 'kube-dns' }].map((labels) => ({
        namespace,
        namespaceLabels,
        labels: defined({ ...labels, tier }),
      })),
    );
  });
}

function defined(labels: Readonly<Record<string, string | undefined>>): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/**
 * The first thing that two sets of policies say differently of some pod's own side, with some pod or address; nothing where they mean the
 * same. Asked one by one, with no cleverness but that equal questions are asked once.
 */
export function differentMeaning(
  was: readonly NetworkPolicy[],
  is: readonly NetworkPolicy[],
  pods: readonly Pod[],
): string | undefined {
  const asked = new Set<string>();
  for (const direction of ['Ingress', 'Egress'] as const) {
    for (const pod of pods) {
      const [before, after] = [was, is].map((policies) => holdingFor(policies, pod, direction));
      const key = JSON.stringify([direction, before, after]);
      if (asked.has(key)) continue;
      asked.add(key);
      const found = differentRow(before ?? [], after ?? [], direction, pods);
      if (found !== undefined) return `${JSON.stringify(pod)} ${direction} ${found}`;
    }
  }
  return undefined;
}

function holdingFor(policies: readonly NetworkPolicy[], pod: Pod, direction: Direction): NetworkPolicy[] {
  return policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.namespace &&
      spec.policyTypes.includes(direction) &&
      matches(spec.podSelector, pod.labels),
  );
}

function differentRow(
  before: readonly NetworkPolicy[],
  after: readonly NetworkPolicy[],
  direction: Direction,
  pods: readonly Pod[],
): string | undefined {
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined;
  const [was, is] = [allowing(before, direction), allowing(after, direction)];
  const differs = (holds: Holds): boolean => was(holds) !== is(holds);
  const pod = pods.find((one) => differs((peer, own) => holdsPod(peer, own, one)));
  if (pod !== undefined) return `with ${JSON.stringify(pod)}`;
  const address = ADDRESSES.find((one) => differs((peer) => holdsAddress(peer, one)));
  return address === undefined ? undefined : `with ${address}`;
}

type Direction = 'Ingress' | 'Egress';
type Holds = (peer: NetworkPolicyPeer, namespace: string) => boolean;

function allowing(policies: readonly NetworkPolicy[], direction: Direction): (holds: Holds) => string {
  const rules = policies.flatMap(({ metadata: { namespace }, spec }) =>
    direction === 'Ingress'
      ? (spec.ingress ?? []).map(({ from, ports }) => ({ namespace, peers: from, ports: portsOf(ports) }))
      : (spec.egress ?? []).map(({ to, ports }) => ({ namespace, peers: to, ports: portsOf(ports) })),
  );
  return (holds) => {
    if (policies.length === 0) return 'All Connections';
    const open = rules.filter(
      ({ peers = [], namespace }) => peers.length === 0 || peers.some((peer) => holds(peer, namespace)),
    );
    return formatPortSet(open.reduce((all, rule) => unionPorts(all, rule.ports), NO_PORTS));
  };
}

function portsOf(ports: readonly NetworkPolicyPort[] = []): PortSet {
  if (ports.length === 0) return ALL_PORTS;
  const sets = ports.map(({ protocol = 'TCP', port, endPort }) => {
    if (port === undefined) return everyPortOf(protocol);
    return typeof port === 'string'
      ? NO_PORTS
      : portSetOf([{ protocol, port, ...(endPort === undefined ? {} : { endPort }) }]);
  });
  return sets.reduce(unionPorts);
}

function holdsPod({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, own: string, pod: Pod): boolean {
  if (ipBlock !== undefined) return false;
  const there =
    namespaceSelector === undefined ? own === pod.namespace : matches(namespaceSelector, pod.namespaceLabels);
  return there && matches(podSelector ?? {}, pod.labels);
}

function holdsAddress({ ipBlock }: NetworkPolicyPeer, text: string): boolean {
  const address = parseAddress(text);
  const within = (cidr: string): boolean => {
    const range = parseCidr(cidr);
    return (
      address !== undefined &&
      range?.family === address.family &&
      range.first <= address.value &&
      address.value <= range.last
    );
  };
  return ipBlock !== undefined && within(ipBlock.cidr) && !(ipBlock.except ?? []).some(within);
}
