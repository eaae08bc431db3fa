import fc from 'fast-check';
import type { WorldInput } from '../../../src/domain/evaluate/world.js';
import type { EvaluateOptions } from '../../../src/domain/evaluate/options.js';
import type {
  IngressRule,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  PolicyType,
} from '../../../src/domain/kubernetes/network-policy.js';
import type { WorkloadFacts } from '../../../src/domain/kubernetes/workload.js';
import type { LabelRequirement, LabelSelector } from '../../../src/domain/model/selector.js';

const NAMESPACES = ['a', 'b', 'c'];
const value = fc.constantFrom('x', 'y', '');
const labels = fc.record({ app: value, tier: value, env: value }, { requiredKeys: [] });

const requirement: fc.Arbitrary<LabelRequirement> = fc.oneof(
  fc.record({
    key: fc.constantFrom('app', 'tier', 'env'),
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.array(value, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    key: fc.constantFrom('app', 'tier', 'env', 'constructor'),
    operator: fc.constantFrom('Exists', 'DoesNotExist'),
  }),
);
const selector: fc.Arbitrary<LabelSelector> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  {
    weight: 3,
    arbitrary: fc.record(
      { matchLabels: labels, matchExpressions: fc.array(requirement, { maxLength: 2 }) },
      { requiredKeys: [] },
    ),
  },
);

const block = fc.constantFrom<NonNullable<NetworkPolicyPeer['ipBlock']>>(
  { cidr: '0.0.0.0/0' },
  { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] },
  { cidr: '10.0.0.0/8', except: ['10.0.1.0/24', '10.0.1.128/25'] },
  { cidr: '10.0.1.0/24' },
  { cidr: '10.0.1.1/32' },
  { cidr: '128.0.0.0/1' },
  { cidr: '::/0' },
  { cidr: 'fd00::/8', except: ['fd00:1::/32'] },
);
const peer: fc.Arbitrary<NetworkPolicyPeer> = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ podSelector: selector, namespaceSelector: selector }),
  fc.record({ ipBlock: block }),
);
const port: fc.Arbitrary<NetworkPolicyPort> = fc.oneof(
  fc.record(
    { protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'), port: fc.constantFrom(80, 81, 443, 'http', 'dns') },
    { requiredKeys: ['protocol'] },
  ),
  fc.record({
    protocol: fc.constantFrom('TCP', 'UDP'),
    port: fc.constantFrom(79, 80),
    endPort: fc.constantFrom(80, 81, 443),
  }),
);
const ports = fc.option(fc.array(port, { maxLength: 2 }), { nil: undefined });
const peers = fc.option(fc.array(peer, { maxLength: 2 }), { nil: undefined });
/** One rule, as ingress has it. */
export const randomRule: fc.Arbitrary<IngressRule> = fc
  .tuple(peers, ports)
  .map(([from, list]) => ({ ...(from && { from }), ...(list && { ports: list }) }));

export const randomPolicy: fc.Arbitrary<NetworkPolicy> = fc
  .record({
    name: fc.constantFrom('p', 'q', 'r', 's'),
    namespace: fc.constantFrom(...NAMESPACES),
    podSelector: selector,
    policyTypes: fc.constantFrom<readonly PolicyType[]>(['Ingress'], ['Egress'], ['Ingress', 'Egress']),
    ingress: fc.array(randomRule, { maxLength: 2 }),
    egress: fc.array(randomRule, { maxLength: 2 }),
  })
  .map(({ name, namespace, podSelector, policyTypes, ingress, egress }) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: {
      podSelector,
      policyTypes,
      ingress,
      egress: egress.map(({ from, ports: list }) => ({ ...(from && { to: from }), ...(list && { ports: list }) })),
    },
  }));

const containerPort = fc.record({
  name: fc.constantFrom('http', 'dns'),
  protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
  port: fc.constantFrom(80, 8080, 53),
  container: fc.constantFrom('regular' as const, 'sidecar' as const),
});
const workload: fc.Arbitrary<WorkloadFacts> = fc.record(
  {
    namespace: fc.constantFrom(...NAMESPACES),
    name: fc.constantFrom('one', 'two', 'three', 'four'),
    kind: fc.constantFrom('Pod', 'Deployment'),
    labels,
    namedPorts: fc.array(containerPort, { maxLength: 3 }),
    hostNetwork: fc.boolean(),
    addresses: fc.constantFrom(['10.0.1.1'], ['10.0.1.200'], ['192.168.0.1'], ['fd00::1'], ['10.0.0.9', 'fd00:1::1']),
    hostAddresses: fc.constantFrom(['192.168.0.1'], ['192.168.0.2']),
  },
  { requiredKeys: ['namespace', 'name', 'kind', 'labels'] },
);

/** A small cluster: several kinds of pods may be one workload, and some namespaces are not given. */
export const randomInput: fc.Arbitrary<WorldInput> = fc.record({
  namespaces: fc.uniqueArray(fc.record({ name: fc.constantFrom(...NAMESPACES), labels }), {
    selector: ({ name }) => name,
  }),
  workloads: fc.array(workload, { maxLength: 6 }),
  policies: fc.array(randomPolicy, { maxLength: 4 }),
});

export const randomOptions: fc.Arbitrary<Partial<EvaluateOptions>> = fc.record(
  {
    ipBlockMatchesPods: fc.boolean(),
    sidecarNamedPorts: fc.boolean(),
    namedPorts: fc.constantFrom('union', 'first'),
    hostNetwork: fc.constantFrom('node', 'pod'),
    endPort: fc.constantFrom('range', 'first-port'),
    unknownAddresses: fc.constantFrom('certain', 'possible'),
    ipv6: fc.constantFrom('when-used', 'always', 'never'),
  },
  { requiredKeys: [] },
);
