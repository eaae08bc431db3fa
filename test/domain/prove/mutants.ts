import type { NetworkPolicy } from '../../../src/domain/kubernetes/network-policy.js';

/** Objects that may be written to: a mutant works on its own copy. */
export interface LooseSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}
export interface LoosePeer {
  podSelector?: LooseSelector;
  namespaceSelector?: LooseSelector;
  ipBlock?: { cidr: string; except?: string[] };
}
export interface LoosePort {
  protocol?: string;
  port?: number | string;
  endPort?: number;
}
export interface LooseRule {
  from?: LoosePeer[];
  to?: LoosePeer[];
  ports?: LoosePort[];
}
export interface LoosePolicy {
  metadata: { name: string; namespace: string };
  spec: { podSelector: LooseSelector; policyTypes: string[]; ingress?: LooseRule[]; egress?: LooseRule[] };
}

/** Chooses one of a list: by a random number in properties, the first in fixed cases. */
export type Pick = <T>(items: readonly T[]) => T | undefined;

/** One thing that a renderer could do wrong. Gives false where the objects have no place for it. */
export interface Mutant {
  readonly name: string;
  readonly change: (policies: LoosePolicy[], pick: Pick) => boolean;
}

/** Writes one mistake into a copy of the objects; nothing where there is no place for it. */
export function mutate(policies: readonly NetworkPolicy[], mutant: Mutant, pick: Pick): NetworkPolicy[] | undefined {
  const copy = structuredClone(policies) as unknown as LoosePolicy[];
  return mutant.change(copy, pick) ? (copy as unknown as NetworkPolicy[]) : undefined;
}

const rulesOf = ({ spec }: LoosePolicy): LooseRule[] => [...(spec.ingress ?? []), ...(spec.egress ?? [])];
const peersOf = (rule: LooseRule): LoosePeer[] => rule.from ?? rule.to ?? [];
const portsOf = (policies: readonly LoosePolicy[]): LoosePort[] =>
  policies.flatMap(rulesOf).flatMap((rule) => rule.ports ?? []);
const allPeers = (policies: readonly LoosePolicy[]): LoosePeer[] => policies.flatMap(rulesOf).flatMap(peersOf);
const selectorsOf = (policies: readonly LoosePolicy[]): LooseSelector[] => [
  ...policies.map(({ spec }) => spec.podSelector),
  ...allPeers(policies).flatMap(({ podSelector, namespaceSelector }) => [
    ...(podSelector === undefined ? [] : [podSelector]),
    ...(namespaceSelector === undefined ? [] : [namespaceSelector]),
  ]),
];

/** A mutant that changes one item of a list of places. */
function at<T>(
  name: string,
  places: (policies: LoosePolicy[]) => readonly T[],
  change: (place: T, policies: LoosePolicy[]) => void,
): Mutant {
  return {
    name,
    change: (policies, pick) => {
      const place = pick(places(policies));
      if (place !== undefined) change(place, policies);
      return place !== undefined;
    },
  };
}

function remove<T>(items: T[], item: T): void {
  items.splice(items.indexOf(item), 1);
}

const isDeny = ({ metadata }: LoosePolicy): boolean => metadata.name === 'default-deny-all';
const withBoth = (policies: LoosePolicy[]): LoosePeer[] =>
  allPeers(policies).filter((peer) => peer.namespaceSelector !== undefined && peer.podSelector !== undefined);
const labelled = (policies: LoosePolicy[]): LooseSelector[] =>
  selectorsOf(policies).filter(({ matchLabels }) => Object.keys(matchLabels ?? {}).length > 0);
const expressionsOf = (policies: LoosePolicy[]) =>
  selectorsOf(policies).flatMap((selector) => selector.matchExpressions ?? []);
const blocksOf = (policies: LoosePolicy[]) =>
  allPeers(policies).flatMap(({ ipBlock }) => (ipBlock === undefined ? [] : [ipBlock]));

/** Half of the block, or for a single address its neighbour. */
function shiftPrefix(block: { cidr: string; except?: string[] }): void {
  const [address = '', length = ''] = block.cidr.split('/');
  block.cidr = Number(length) === 0 ? `${address}/1` : `${address}/${Number(length) - 1}`;
  delete block.except;
}

const ruleLists = (policies: LoosePolicy[]): { rules: LooseRule[]; rule: LooseRule }[] =>
  policies.flatMap(({ spec }) =>
    [spec.ingress ?? [], spec.egress ?? []].flatMap((rules) => rules.map((rule) => ({ rules, rule }))),
  );

export const MUTANTS: readonly Mutant[] = [
  at(
    'drop an object',
    (policies) => policies,
    (policy, policies) => remove(policies, policy),
  ),
  at(
    'drop the default deny',
    (policies) => policies.filter(isDeny),
    (policy, policies) => remove(policies, policy),
  ),
  at('drop a rule', ruleLists, ({ rules, rule }) => remove(rules, rule)),
  at(
    'drop the rules of a direction',
    (policies) => policies.filter((one) => rulesOf(one).length > 0),
    ({ spec }) => {
      delete spec.ingress;
      delete spec.egress;
    },
  ),
  at(
    'add an empty rule, which allows all',
    (policies) => policies.filter(({ spec }) => spec.ingress ?? spec.egress),
    ({ spec }) => {
      (spec.ingress ?? spec.egress)?.push({});
    },
  ),
  at(
    'add a port',
    (policies) => policies.flatMap(rulesOf).filter(({ ports }) => ports !== undefined),
    (rule) => {
      rule.ports?.push({ protocol: 'TCP', port: 22 });
    },
  ),
  at(
    'drop a port',
    (policies) => policies.flatMap(rulesOf).filter(({ ports }) => (ports?.length ?? 0) > 1),
    (rule) => {
      rule.ports?.shift();
    },
  ),
  at(
    'forget the ports, which allows all of them',
    (policies) => policies.flatMap(rulesOf),
    (rule) => {
      delete rule.ports;
    },
  ),
  at('the port after', portsOf, (port) => {
    if (typeof port.port === 'number') port.port += 1;
    if (port.endPort !== undefined) port.endPort += 1;
  }),
  at('widen a port to a range', portsOf, (port) => {
    port.endPort = (port.endPort ?? Number(port.port)) + 1;
  }),
  at(
    'end a range one too early',
    (policies) => portsOf(policies).filter((one) => Number(one.endPort) > Number(one.port)),
    (port) => {
      port.endPort = Number(port.endPort) - 1;
    },
  ),
  at(
    'forget the end of a range',
    (policies) => portsOf(policies).filter((one) => one.endPort !== undefined),
    (port) => {
      delete port.endPort;
    },
  ),
  at('another protocol', portsOf, (port) => {
    port.protocol = port.protocol === 'UDP' ? 'TCP' : 'UDP';
  }),
  at(
    'forget UDP',
    (policies) => policies.flatMap(rulesOf).filter(({ ports }) => ports?.some((one) => one.protocol === 'UDP')),
    (rule) => {
      rule.ports = rule.ports?.map((port) => ({ ...port, protocol: 'TCP' })) ?? [];
    },
  ),
  at('every port of a protocol', portsOf, (port) => {
    delete port.port;
    delete port.endPort;
  }),
  at(
    'a port by name',
    (policies) => policies.flatMap(rulesOf),
    (rule) => {
      rule.ports = [...(rule.ports ?? []), { protocol: 'TCP', port: 'http' }];
    },
  ),
  at(
    'drop a peer',
    (policies) => policies.flatMap(rulesOf).filter((rule) => peersOf(rule).length > 1),
    (rule) => {
      peersOf(rule).shift();
    },
  ),
  at(
    'forget the peers, which allows everyone',
    (policies) => policies.flatMap(rulesOf).filter((rule) => peersOf(rule).length > 0),
    (rule) => {
      delete rule.from;
      delete rule.to;
    },
  ),
  at('forget the podSelector of a peer', withBoth, (peer) => {
    delete peer.podSelector;
  }),
  at('forget the namespaceSelector of a peer', withBoth, (peer) => {
    delete peer.namespaceSelector;
  }),
  at('any namespace', withBoth, (peer) => {
    peer.namespaceSelector = {};
  }),
  at(
    'any namespace for a peer beside',
    (policies) => allPeers(policies).filter((peer) => peer.podSelector && !peer.namespaceSelector),
    (peer) => {
      peer.namespaceSelector = {};
    },
  ),
  at(
    'any pod of the namespace',
    (policies) => allPeers(policies).filter(({ podSelector }) => podSelector !== undefined),
    (peer) => {
      peer.podSelector = {};
    },
  ),
  at(
    'or instead of and: two items for both selectors',
    (policies) =>
      policies
        .flatMap(rulesOf)
        .filter((rule) => peersOf(rule).some((peer) => peer.namespaceSelector && peer.podSelector)),
    (rule) => {
      const peers = peersOf(rule);
      const peer = peers.find((one) => one.namespaceSelector && one.podSelector);
      if (peer === undefined) return;
      peers.push({ podSelector: peer.podSelector ?? {} });
      delete peer.podSelector;
    },
  ),
  at('another value of a label', labelled, ({ matchLabels = {} }) => {
    const [key = ''] = Object.keys(matchLabels);
    matchLabels[key] = matchLabels[key] === 'y' ? 'x' : 'y';
  }),
  at('drop a label', labelled, ({ matchLabels = {} }) => {
    delete matchLabels[Object.keys(matchLabels)[0] ?? ''];
  }),
  at(
    'select every pod',
    (policies) => policies.filter((one) => !isDeny(one)),
    ({ spec }) => {
      spec.podSelector = {};
    },
  ),
  at(
    'NotIn for In',
    (policies) => expressionsOf(policies).filter(({ operator }) => operator === 'In'),
    (expression) => {
      expression.operator = 'NotIn';
    },
  ),
  at(
    'In for NotIn',
    (policies) => expressionsOf(policies).filter(({ operator }) => operator === 'NotIn'),
    (expression) => {
      expression.operator = 'In';
    },
  ),
  at(
    'Exists for DoesNotExist, and back',
    (policies) => expressionsOf(policies).filter(({ values }) => values === undefined),
    (expression) => {
      expression.operator = expression.operator === 'Exists' ? 'DoesNotExist' : 'Exists';
    },
  ),
  at(
    'drop a value',
    (policies) => expressionsOf(policies).filter(({ values }) => (values?.length ?? 0) > 1),
    (expression) => {
      expression.values?.shift();
    },
  ),
  at(
    'add a value',
    (policies) => expressionsOf(policies).filter(({ values }) => values !== undefined),
    (expression) => {
      expression.values?.push('added');
    },
  ),
  at(
    'drop an expression',
    (policies) => selectorsOf(policies).filter(({ matchExpressions }) => (matchExpressions?.length ?? 0) > 0),
    (selector) => {
      selector.matchExpressions?.shift();
    },
  ),
  at('a wider block', blocksOf, shiftPrefix),
  at(
    'drop an except',
    (policies) => blocksOf(policies).filter(({ except }) => (except?.length ?? 0) > 0),
    (block) => {
      block.except?.shift();
    },
  ),
  at(
    'forget IPv6',
    (policies) =>
      policies
        .flatMap(rulesOf)
        .filter((rule) => peersOf(rule).some(({ ipBlock }) => ipBlock?.cidr.includes(':')) && peersOf(rule).length > 1),
    (rule) => {
      const peers = peersOf(rule);
      remove(peers, peers.find(({ ipBlock }) => ipBlock?.cidr.includes(':')) ?? {});
    },
  ),
  at(
    'an ipBlock for a peer of pods',
    (policies) => allPeers(policies).filter(({ ipBlock }) => ipBlock === undefined),
    (peer) => {
      delete peer.podSelector;
      delete peer.namespaceSelector;
      peer.ipBlock = { cidr: '10.0.0.0/8' };
    },
  ),
  at(
    'policyTypes of the other direction too',
    (policies) => policies.filter(({ spec }) => spec.policyTypes.length === 1),
    ({ spec }) => {
      spec.policyTypes = ['Ingress', 'Egress'];
    },
  ),
  at(
    'policyTypes of the other direction only',
    (policies) => policies.filter(({ spec }) => spec.policyTypes.length === 1),
    ({ spec }) => {
      spec.policyTypes = spec.policyTypes[0] === 'Ingress' ? ['Egress'] : ['Ingress'];
    },
  ),
  at(
    'a default deny for inbound only',
    (policies) => policies.filter(isDeny),
    ({ spec }) => {
      spec.policyTypes = ['Ingress'];
    },
  ),
  at(
    'the object in another namespace',
    (policies) => policies,
    ({ metadata }) => {
      metadata.namespace = metadata.namespace === 'two' ? 'one' : 'two';
    },
  ),
  at(
    'the object in a second namespace as well',
    (policies) => policies,
    (policy, policies) => {
      policies.push({ ...structuredClone(policy), metadata: { ...policy.metadata, namespace: 'elsewhere' } });
    },
  ),
  at(
    'the object twice, under two names',
    (policies) => policies,
    (policy, policies) => {
      policies.push({ ...structuredClone(policy), metadata: { ...policy.metadata, name: 'again' } });
    },
  ),
  at(
    'an object for pods of nobody',
    (policies) => policies,
    (policy, policies) => {
      const { namespace } = policy.metadata;
      const spec = { podSelector: { matchLabels: { app: 'nobody' } }, policyTypes: ['Ingress'], ingress: [{}] };
      policies.push({ ...structuredClone(policy), metadata: { name: 'extra', namespace }, spec });
    },
  ),
];
