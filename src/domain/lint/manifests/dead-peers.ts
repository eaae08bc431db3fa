import type { ManifestFacts } from './manifest-facts.js';
import type { LintedPeer, LintedPolicy, LintedRule } from './linted-policy.js';

/** How sure it is that a peer means nobody. */
export type Dead = 'certainly' | 'as-far-as-known';

/**
 * Whether a peer means nobody. A peer that may mean pods of namespaces that are not among the manifests says nothing about itself;
 * only where namespaces are given with labels of their own is it likely that the one meant would be there too.
 */
export function isDead({ reach, peer }: LintedPeer, facts: ManifestFacts): Dead | undefined {
  if (reach.kind === 'addresses') return reach.isEmpty ? 'certainly' : undefined;
  if (reach.pods.length > 0) return undefined;
  if (reach.known === 'all') return 'certainly';
  const byLabels = peer.namespaceSelector !== undefined && reach.namespaces.length === 0;
  return byLabels && namesAreGiven(facts) && !asksForName(peer.namespaceSelector) ? 'as-far-as-known' : undefined;
}

function namesAreGiven({ manifests }: ManifestFacts): boolean {
  return manifests.namespaces.some(({ labels }) => Object.keys(labels).length > 1);
}

function asksForName(selector: LintedPeer['peer']['namespaceSelector']): boolean {
  const keys = [
    ...Object.keys(selector?.matchLabels ?? {}),
    ...(selector?.matchExpressions ?? []).map(({ key }) => key),
  ];
  return keys.includes('kubernetes.io/metadata.name');
}

/** Every peer of every policy that selects someone, or whose pods are not among the manifests. */
export function* eachRule({ policies, pods }: ManifestFacts): Generator<readonly [LintedPolicy, LintedRule]> {
  for (const policy of policies) {
    if (policy.selects.length === 0 && pods.isSeen(policy.namespace)) continue; // the policy itself is a finding
    for (const rule of policy.rules) yield [policy, rule];
  }
}
