import { compareText } from '../../errors.js';
import type { Direction } from '../../evaluate/grants.js';
import { matchesEveryPod } from '../selectors.js';
import type { LintedPolicy } from './linted-policy.js';
import type { ManifestFacts } from './manifest-facts.js';
import { opensEveryPort } from './rule-ports.js';

/** The cluster's own namespaces: a default deny there breaks the cluster for whoever does not know all that runs in them. */
const OWN = ['kube-system', 'kube-public', 'kube-node-lease'];

/** A namespace with pods that a policy could protect, and the policies that stand in it. */
export interface LivingNamespace {
  readonly name: string;
  readonly pods: readonly number[];
  readonly policies: readonly LintedPolicy[];
}

/** In order of their names, without those of the cluster itself. */
export function livingNamespaces({ pods, policies }: ManifestFacts): LivingNamespace[] {
  const names = [...new Set(pods.all.map(({ namespace }) => namespace))].filter((name) => !OWN.includes(name));
  const byNamespace = new Map<string, LintedPolicy[]>(names.map((name) => [name, []]));
  for (const policy of policies) byNamespace.get(policy.namespace)?.push(policy);
  return names
    .sort(compareText)
    .map((name) => ({ name, pods: pods.inNamespace(name, {}), policies: byNamespace.get(name) ?? [] }))
    .filter((namespace) => namespace.pods.length > 0);
}

/** True where some policy selects every pod in this direction, and lets not simply everyone through. */
export function isDeniedByDefault({ policies }: LivingNamespace, direction: Direction): boolean {
  const denying = policies.filter(
    ({ directions, policy }) => directions.includes(direction) && matchesEveryPod(policy.spec.podSelector),
  );
  return denying.length > 0 && !denying.some((policy) => admitsEveryone(policy, direction));
}

function admitsEveryone({ rules }: LintedPolicy, direction: Direction): boolean {
  return rules.some((rule) => rule.direction === direction && rule.peers === undefined && opensEveryPort(rule.opens));
}
