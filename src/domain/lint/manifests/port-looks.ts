import type { FieldPath } from '../../kubernetes/fields.js';
import type { NetworkPolicyPort } from '../../kubernetes/network-policy.js';
import type { Manifests } from '../../kubernetes/read-manifests.js';
import type { PortRange } from '../../model/ports.js';
import type { Effort } from './effort.js';
import type { LintedPolicy, LintedRule } from './linted-policy.js';
import type { PodLookup } from './pod-lookup.js';
import { listening, listensIn, type Listening, type TargetedPort } from './services.js';

/** What is known of a port of a rule at the pods it is meant for. */
export type PortState =
  /** Some pod listens there, or nobody can tell. */
  | { readonly kind: 'fine' }
  /** No pod has a port of that name and protocol: the name opens nothing. */
  | { readonly kind: 'no-such-name' }
  /** No pod says that it listens there, but a Service in front of them has that port, and sends to another one. */
  | { readonly kind: 'port-of-service'; readonly service: TargetedPort }
  /** All pods say where they listen, and it is elsewhere. */
  | { readonly kind: 'nobody-listens' };

export interface PortLook {
  readonly policy: LintedPolicy;
  readonly rule: LintedRule;
  readonly path: FieldPath;
  readonly port: NetworkPolicyPort & { readonly port: number | string };
  /** The pods the port is meant for: those selected, or the peers of an egress rule. */
  readonly pods: readonly number[];
  readonly state: PortState;
}

const FINE: PortState = { kind: 'fine' };

/** Looks at every port of every rule at its destinations. Rules whose destinations are not all among the manifests are left out. */
export function portLooks(
  { services }: Manifests,
  lookup: PodLookup,
  policies: readonly LintedPolicy[],
  effort: Effort,
): PortLook[] {
  const listeningAt = listening(services, lookup, effort);
  const states = new Map<readonly number[], Map<string, PortState>>();
  const stateOf = (pods: readonly number[], port: PortLook['port']): PortState => {
    const key = `${port.protocol ?? 'TCP'} ${typeof port.port} ${port.port} ${port.endPort ?? ''}`;
    const known = states.get(pods) ?? new Map<string, PortState>();
    const state = known.get(key) ?? (effort.spend(pods.length) ? judge(pods, port, lookup, listeningAt) : FINE);
    states.set(pods, known.set(key, state));
    return state;
  };
  return policies.flatMap((policy) =>
    policy.rules.flatMap((rule) => {
      const pods = destinations(policy, rule, effort);
      if (pods.length === 0) return [];
      return rule.ports.flatMap((port, index): PortLook[] => {
        if (port.port === undefined) return [];
        const numbered = { ...port, port: port.port };
        return [
          { policy, rule, path: [...rule.path, 'ports', index], port: numbered, pods, state: stateOf(pods, numbered) },
        ];
      });
    }),
  );
}

/** The pods at which the rule's ports count; none where they are not all known. */
function destinations({ selects }: LintedPolicy, { direction, peers }: LintedRule, effort: Effort): readonly number[] {
  if (direction === 'ingress') return selects;
  const reaches = (peers ?? []).map(({ reach }) => reach);
  const known = reaches.flatMap((reach) => (reach.kind === 'pods' && reach.known === 'all' ? [reach.pods] : []));
  const [only] = known;
  if (peers === undefined || known.length < reaches.length || only === undefined) return [];
  if (known.length === 1) return only;
  const total = known.reduce((sum, { length }) => sum + length, 0);
  return effort.spend(total) ? [...new Set(known.flat())] : [];
}

function judge(
  pods: readonly number[],
  { protocol = 'TCP', port, endPort }: PortLook['port'],
  lookup: PodLookup,
  listeningAt: (pod: number) => Listening,
): PortState {
  if (typeof port === 'string') {
    const has = (pod: number): boolean =>
      lookup.all[pod]?.namedPorts?.some((one) => one.name === port && one.protocol === protocol) === true;
    return pods.some(has) ? FINE : { kind: 'no-such-name' };
  }
  const range: PortRange = { protocol, port, ...(endPort === undefined ? {} : { endPort }) };
  if (pods.some((pod) => listensIn(listeningAt(pod).ports, range))) return FINE;
  for (const pod of endPort === undefined ? pods : []) {
    const service = listeningAt(pod).services.find((one) => one.port === port && one.protocol === protocol);
    if (service !== undefined) return { kind: 'port-of-service', service };
  }
  return pods.every((pod) => listeningAt(pod).isSaid) ? { kind: 'nobody-listens' } : FINE;
}
