import { compareText } from '../../errors.js';
import { canOverlap, type LabelSelector } from '../../model/selector.js';
import type { Protocol } from '../../model/ports.js';
import { parseCidr } from '../../model/cidr.js';
import { NAMESPACE_NAME_LABEL } from '../../kubernetes/namespaces.js';
import type { LintedPeer, LintedPolicy, LintedRule } from './linted-policy.js';
import type { ManifestFacts } from './manifest-facts.js';
import { isForDnsOnly, opensDns } from './rule-ports.js';
import { matchesEveryPod } from '../selectors.js';

/** Where DNS pods run: of Kubernetes and of OpenShift. */
const DNS_NAMESPACES = ['kube-system', 'openshift-dns'];
const DNS_PODS: LabelSelector = { matchLabels: { 'k8s-app': 'kube-dns' } };

/** The workloads of a namespace that are isolated for egress, may call someone, and cannot look up names over a protocol. */
export interface WithoutDns {
  readonly namespace: string;
  readonly pods: readonly number[];
  readonly policies: readonly string[];
}

/** What the policies that hold for a pod open together. */
interface Lookups {
  calls: boolean;
  UDP: boolean;
  TCP: boolean;
  readonly policies: string[];
}

/**
 * Who cannot look up names: `nothing` opens DNS over UDP, or only TCP (for long answers) is missing. Pods that may call nobody need no
 * DNS. Where the DNS pods are among the manifests, rules are held against them; else against what such pods are everywhere.
 */
export function withoutDns(facts: ManifestFacts, missing: 'UDP' | 'only-TCP'): WithoutDns[] {
  const byNamespace = new Map<string, { pods: number[]; policies: Set<string> }>();
  for (const [pod, { calls, UDP, TCP, policies }] of lookupsOfPods(facts)) {
    if (!calls || (missing === 'UDP' ? UDP : !UDP || TCP)) continue;
    const namespace = facts.pods.all[pod]?.namespace ?? '';
    const group = byNamespace.get(namespace) ?? { pods: [], policies: new Set<string>() };
    group.pods.push(pod);
    for (const policy of policies) group.policies.add(policy);
    byNamespace.set(namespace, group);
  }
  return [...byNamespace]
    .sort(([a], [b]) => compareText(a, b))
    .map(([namespace, { pods, policies }]) => ({ namespace, pods, policies: [...policies].sort(compareText) }));
}

function lookupsOfPods(facts: ManifestFacts): ReadonlyMap<number, Lookups> {
  const dnsPods = new Set(DNS_NAMESPACES.flatMap((name) => facts.pods.inNamespace(name, DNS_PODS)));
  const byPod = new Map<number, Lookups>();
  for (const policy of facts.policies) {
    if (!policy.directions.includes('egress')) continue;
    // What is not looked at could open DNS: then nothing can be said of anyone.
    if (!facts.effort.spend(policy.selects.length)) return new Map();
    const rules = policy.rules.filter(({ direction }) => direction === 'egress');
    const opens = (protocol: Protocol): boolean => rules.some((rule) => opensLookups(policy, rule, protocol, dnsPods));
    const own = { calls: rules.length > 0, UDP: opens('UDP'), TCP: opens('TCP') };
    for (const pod of policy.selects) {
      const lookups = byPod.get(pod) ?? { calls: false, UDP: false, TCP: false, policies: [] };
      lookups.calls ||= own.calls;
      lookups.UDP ||= own.UDP;
      lookups.TCP ||= own.TCP;
      lookups.policies.push(policy.ref);
      byPod.set(pod, lookups);
    }
  }
  return byPod;
}

function opensLookups(
  policy: LintedPolicy,
  rule: LintedRule,
  protocol: Protocol,
  dnsPods: ReadonlySet<number>,
): boolean {
  if (!opensDns(rule.opens, protocol)) return false;
  return rule.peers === undefined || rule.peers.some((peer) => isDns(policy, rule, peer, dnsPods));
}

/** Whether a peer of a rule that opens the port can be DNS. In doubt it is: a cache on the node, or a server of one's own. */
function isDns(
  { namespace }: LintedPolicy,
  rule: LintedRule,
  { peer, reach }: LintedPeer,
  dnsPods: ReadonlySet<number>,
): boolean {
  const named = isForDnsOnly(rule) || rule.ports.some(({ port }) => port === 53 || port === 5353);
  if (peer.ipBlock !== undefined) return named || (parseCidr(peer.ipBlock.cidr)?.prefix ?? 32) <= 16;
  if (reach.kind === 'pods' && dnsPods.size > 0)
    return reach.pods.some((pod) => dnsPods.has(pod)) || ownServer(peer, named);
  if (peer.namespaceSelector === undefined) return named || DNS_NAMESPACES.includes(namespace);
  const where = { matchExpressions: [{ key: NAMESPACE_NAME_LABEL, operator: 'In' as const, values: DNS_NAMESPACES }] };
  const mayBeThere = canOverlap(peer.namespaceSelector, where);
  return named || (mayBeThere && (matchesEveryPod(peer.podSelector) || asksForDns(peer.podSelector)));
}

/** A server of one's own, in the own namespace. */
function ownServer({ namespaceSelector }: LintedPeer['peer'], named: boolean): boolean {
  return named && namespaceSelector === undefined;
}

function asksForDns(selector: LabelSelector | undefined): boolean {
  return Object.values(selector?.matchLabels ?? {}).some((value) => value.includes('dns'));
}
