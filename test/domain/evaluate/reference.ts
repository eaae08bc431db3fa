import { evaluateOptions, type EvaluateOptions } from '../../../src/domain/evaluate/options.js';
import type { WorldInput } from '../../../src/domain/evaluate/world.js';
import type {
  IpBlock,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../../../src/domain/kubernetes/network-policy.js';
import type { WorkloadFacts } from '../../../src/domain/kubernetes/workload.js';
import { parseAddress, parseCidr, type Family } from '../../../src/domain/model/cidr.js';
import type { Labels } from '../../../src/domain/model/labels.js';
import type { Protocol } from '../../../src/domain/model/ports.js';
import type { LabelSelector } from '../../../src/domain/model/selector.js';

/** One end: pods, or one address outside the cluster. */
export type ReferenceEnd = WorkloadFacts | string;

/**
 * The slow and obvious evaluator that the fast one is compared with: one pair, one port, every policy and every rule, by the
 * words of the NetworkPolicy documentation. It shares no code with src/domain/evaluate but the names of the options.
 */
export function referenceAllows(
  input: WorldInput,
  given: Partial<EvaluateOptions>,
  question: {
    readonly src: ReferenceEnd;
    readonly dst: ReferenceEnd;
    readonly protocol: Protocol;
    readonly port: number;
  },
): boolean {
  const options = evaluateOptions(given);
  const { src, dst } = question;
  if (typeof src !== 'string' && typeof dst !== 'string' && onNode(src, options) && sharesNode(src, dst)) return true;
  return (['IPv4', 'IPv6'] as const).some((family) => {
    if (!speaks(src, family, options) || !speaks(dst, family, options)) return false;
    const ask = { input, options, family, ...question };
    return sideAllows(ask, 'Egress', src, dst) && sideAllows(ask, 'Ingress', dst, src);
  });
}

interface Ask {
  readonly input: WorldInput;
  readonly options: EvaluateOptions;
  readonly family: Family;
  readonly dst: ReferenceEnd;
  readonly protocol: Protocol;
  readonly port: number;
}

function sideAllows(ask: Ask, type: 'Ingress' | 'Egress', subject: ReferenceEnd, peer: ReferenceEnd): boolean {
  if (typeof subject === 'string' || onNode(subject, ask.options)) return true;
  const selecting = ask.input.policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === subject.namespace &&
      spec.policyTypes.includes(type) &&
      selects(spec.podSelector, subject.labels),
  );
  if (selecting.length === 0) return true;
  return selecting.some((policy) =>
    rules(policy, type).some((rule) => peersHold(ask, policy, rule.peers, peer) && portsHold(ask, rule.ports)),
  );
}

function rules({ spec }: NetworkPolicy, type: 'Ingress' | 'Egress') {
  if (type === 'Ingress')
    return (spec.ingress ?? []).map((rule) => ({ peers: rule.from ?? [], ports: rule.ports ?? [] }));
  return (spec.egress ?? []).map((rule) => ({ peers: rule.to ?? [], ports: rule.ports ?? [] }));
}

function peersHold(ask: Ask, policy: NetworkPolicy, peers: readonly NetworkPolicyPeer[], peer: ReferenceEnd): boolean {
  return peers.length === 0 || peers.some((one) => peerHolds(ask, policy, one, peer));
}

function peerHolds(
  ask: Ask,
  policy: NetworkPolicy,
  { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer,
  peer: ReferenceEnd,
): boolean {
  if (ipBlock !== undefined)
    return typeof peer === 'string' ? blockHolds(ipBlock, ask.family, peer) : blockHoldsPod(ask, ipBlock, peer);
  if (typeof peer === 'string' || onNode(peer, ask.options)) return false;
  const there =
    namespaceSelector === undefined
      ? peer.namespace === policy.metadata.namespace
      : selects(namespaceSelector, namespaceLabels(ask.input, peer.namespace));
  return there && (podSelector === undefined || selects(podSelector, peer.labels));
}

function blockHoldsPod({ options, family }: Ask, block: IpBlock, pod: WorkloadFacts): boolean {
  if (!options.ipBlockMatchesPods) return false;
  const addresses = addressesOf(pod, options);
  if (addresses.length > 0) return addresses.some((address) => blockHolds(block, family, address));
  if (!block.cidr.includes(':') !== (family === 'IPv4')) return false;
  return options.unknownAddresses === 'possible' || (block.cidr === '0.0.0.0/0' && block.except === undefined);
}

function blockHolds({ cidr, except = [] }: IpBlock, family: Family, address: string): boolean {
  const within = (text: string): boolean => {
    const [range, at] = [parseCidr(text), parseAddress(address)];
    return (
      range !== undefined &&
      at !== undefined &&
      at.family === family &&
      range.family === family &&
      range.first <= at.value &&
      at.value <= range.last
    );
  };
  return within(cidr) && !except.some(within);
}

function portsHold(ask: Ask, ports: readonly NetworkPolicyPort[]): boolean {
  return ports.length === 0 || ports.some((item) => (item.protocol ?? 'TCP') === ask.protocol && portHolds(ask, item));
}

function portHolds({ dst, options, port, protocol }: Ask, item: NetworkPolicyPort): boolean {
  if (item.port === undefined) return true;
  if (typeof item.port === 'number') {
    return item.port <= port && port <= (options.endPort === 'range' ? (item.endPort ?? item.port) : item.port);
  }
  if (typeof dst === 'string' || onNode(dst, options)) return false;
  const named = (dst.namedPorts ?? []).filter(
    ({ name, container }) => name === item.port && (options.sidecarNamedPorts || container !== 'sidecar'),
  );
  const counted = options.namedPorts === 'first' ? named.slice(0, 1) : named;
  return counted.some((one) => one.protocol === protocol && one.port === port);
}

function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  const have = new Map(Object.entries(labels));
  for (const [key, value] of Object.entries(matchLabels)) if (have.get(key) !== value) return false;
  for (const { key, operator, values = [] } of matchExpressions) {
    const listed = have.has(key) && values.includes(have.get(key) ?? '');
    if (operator === 'In' && !listed) return false;
    if (operator === 'NotIn' && listed) return false;
    if (operator === 'Exists' && !have.has(key)) return false;
    if (operator === 'DoesNotExist' && have.has(key)) return false;
  }
  return true;
}

function namespaceLabels({ namespaces }: WorldInput, name: string): Labels {
  return namespaces.find((namespace) => namespace.name === name)?.labels ?? { 'kubernetes.io/metadata.name': name };
}

function onNode(pod: WorkloadFacts, options: EvaluateOptions): boolean {
  return pod.hostNetwork === true && options.hostNetwork === 'node';
}

function addressesOf(pod: WorkloadFacts, options: EvaluateOptions): readonly string[] {
  const own = pod.addresses ?? [];
  return own.length === 0 && onNode(pod, options) ? (pod.hostAddresses ?? []) : own;
}

function sharesNode(a: WorkloadFacts, b: WorkloadFacts): boolean {
  const nodes = a.hostAddresses ?? a.addresses ?? [];
  const other = b.hostAddresses ?? (b.hostNetwork === true ? (b.addresses ?? []) : []);
  return nodes.some((node) => other.includes(node));
}

function speaks(end: ReferenceEnd, family: Family, options: EvaluateOptions): boolean {
  const addresses = typeof end === 'string' ? [end] : addressesOf(end, options);
  return addresses.length === 0 || addresses.some((address) => parseAddress(address)?.family === family);
}
