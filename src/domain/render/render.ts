import type {
  EgressRule,
  IngressRule,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  PolicyType,
} from '../kubernetes/network-policy.js';
import type {
  BlockPeer,
  CompiledEnvironment,
  CompiledPolicy,
  DefaultDeny,
  PodsPeer,
  PortSet,
  Rule,
  RulePeer,
  TierPolicy,
} from '../compile/compiled.js';
import { NAMESPACE_NAME } from '../compile/selectors.js';
import type { Labels } from '../model/labels.js';
import type { PortRange } from '../model/ports.js';

export const MANAGED_BY = 'app.kubernetes.io/managed-by';
export const FLOWS = 'sluice.dev/flows';

/** What the objects of one rendering share: a peer or port that comes again is the same object, which saves time and memory. */
interface Shared {
  readonly environment: string;
  readonly peers: Map<string, NetworkPolicyPeer>;
  /** Peers as they look from their own namespace. */
  readonly ownPeers: Map<string, NetworkPolicyPeer>;
  readonly ports: Map<string, readonly NetworkPolicyPort[]>;
  readonly labels: Map<string, Labels>;
}

/**
 * The Kubernetes objects of a compiled environment, in its order: by namespace, then name. Nothing in them depends on the clock, the
 * machine, a version or a revision. `policyTypes` is always written out; ports are numbers.
 * @example render(compile(snapshot))[0]?.metadata.name // 'allow-backend-egress'
 */
export function render(compiled: Pick<CompiledEnvironment, 'environment' | 'policies'>): NetworkPolicy[] {
  const made = { peers: new Map(), ownPeers: new Map(), ports: new Map(), labels: new Map() };
  const shared: Shared = { environment: compiled.environment, ...made };
  return compiled.policies.map((policy) => renderPolicy(policy, shared));
}

function renderPolicy(policy: CompiledPolicy, shared: Shared): NetworkPolicy {
  switch (policy.kind) {
    case 'tier':
      return renderTier(policy, shared);
    case 'default-deny':
      return renderDefaultDeny(policy, shared);
  }
}

function renderDefaultDeny({ namespace, name }: DefaultDeny, { environment }: Shared): NetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace, labels: { [MANAGED_BY]: 'sluice', 'sluice.dev/environment': environment } },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  };
}

function renderTier(policy: TierPolicy, shared: Shared): NetworkPolicy {
  const { namespace, name, podSelector } = policy;
  const annotations = policy.flows.length > 0 ? { annotations: { [FLOWS]: policy.flows.join(',') } } : {};
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace, labels: renderLabels(policy, shared), ...annotations },
    spec: { podSelector, ...renderRules(policy, shared) },
  };
}

/** The same for both directions of a tier. */
function renderLabels({ application, tier }: TierPolicy, { environment, labels }: Shared): Labels {
  return known(labels, `${application}/${tier}`, () => ({
    [MANAGED_BY]: 'sluice',
    'sluice.dev/application': application,
    'sluice.dev/environment': environment,
    'sluice.dev/tier': tier,
  }));
}

type Rules =
  | { readonly policyTypes: readonly PolicyType[]; readonly ingress?: readonly IngressRule[] }
  | { readonly policyTypes: readonly PolicyType[]; readonly egress?: readonly EgressRule[] };

/**
 * Without rules the list is left out: with its type in `policyTypes` that allows nothing. A rule without peers or ports allows nothing
 * either and is left out: in a NetworkPolicy an empty `from`, `to` or `ports` means all of them.
 */
function renderRules({ direction, rules, namespace }: TierPolicy, shared: Shared): Rules {
  const sides = rules
    .filter((rule) => rule.peers.length > 0 && rule.ports.ranges.length > 0)
    .map((rule) => ({ peers: renderPeers(rule, namespace, shared), ports: renderPorts(rule.ports, shared) }));
  switch (direction) {
    case 'ingress': {
      const ingress = sides.map(({ peers, ports }) => (peers === undefined ? { ports } : { from: peers, ports }));
      return { policyTypes: ['Ingress'], ...(ingress.length > 0 ? { ingress } : {}) };
    }
    case 'egress': {
      const egress = sides.map(({ peers, ports }) => (peers === undefined ? { ports } : { to: peers, ports }));
      return { policyTypes: ['Egress'], ...(egress.length > 0 ? { egress } : {}) };
    }
  }
}

/** Nothing for `anywhere`: a rule without `from` or `to` admits everyone, also outside the cluster. */
function renderPeers({ peers }: Rule, namespace: string, shared: Shared): NetworkPolicyPeer[] | undefined {
  return peers === 'anywhere' ? undefined : peers.map((peer) => renderPeer(peer, namespace, shared));
}

function renderPeer(peer: RulePeer, namespace: string, shared: Shared): NetworkPolicyPeer {
  if (peer.kind === 'block') return known(shared.peers, peer.key, () => renderBlock(peer));
  if (peer.namespaces === namespace) return known(shared.ownPeers, peer.key, () => ({ podSelector: peer.podSelector }));
  return known(shared.peers, peer.key, () => renderPods(peer));
}

/** Another namespace: both selectors in one item, so that both must hold. Two items would each admit on its own. */
function renderPods({ namespaces, podSelector }: PodsPeer): NetworkPolicyPeer {
  const byName = typeof namespaces === 'string';
  return { namespaceSelector: byName ? { matchLabels: { [NAMESPACE_NAME]: namespaces } } : namespaces, podSelector };
}

function renderBlock({ cidr, except }: BlockPeer): NetworkPolicyPeer {
  return { ipBlock: except.length > 0 ? { cidr, except } : { cidr } };
}

function renderPorts({ key, ranges }: PortSet, { ports }: Shared): readonly NetworkPolicyPort[] {
  return known(ports, key, () => ranges.map(renderPort));
}

function renderPort({ protocol, port, endPort }: PortRange): NetworkPolicyPort {
  return endPort === undefined ? { protocol, port } : { protocol, port, endPort };
}

function known<T>(made: Map<string, T>, key: string, make: () => T): T {
  const before = made.get(key);
  if (before !== undefined) return before;
  const now = make();
  made.set(key, now);
  return now;
}
