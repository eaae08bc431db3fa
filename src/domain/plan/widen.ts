import type { NetworkPolicy, PolicyType } from '../kubernetes/network-policy.js';
import { meetings, rulesOf, type Rules } from './selection.js';

/** So many rules of others an object may hold for the time being; beyond, it is open in that direction, as nothing larger can be stored. */
const RULES_MAX = 100;

export interface Widened {
  readonly policy: NetworkPolicy;
  /** Whose rules it holds too: names of objects of its namespace. */
  readonly others: readonly string[];
}

/**
 * Pods that nothing isolates yet are cut by the first object that selects them, where a second one holds the rest of their rights. So an
 * object also holds the rules of those that follow it and could select the same pods. Takes the objects of one namespace in the order in
 * which they appear, without those directions in which a default deny isolates all pods anyway (`denied`); gives those that must be wider, in that form.
 * Read backwards it is the law of going: then the last one to go holds the rules of those that went before.
 * @example widen([web, canary], new Set()).get(web) // { policy: ..., others: ['allow-canary-ingress'] }
 */
export function widen(
  policies: readonly NetworkPolicy[],
  denied: ReadonlySet<PolicyType>,
): ReadonlyMap<NetworkPolicy, Widened> {
  const free = policies.filter(({ spec }) => spec.policyTypes.some((type) => !denied.has(type)));
  const meeting = meetings(free, (policy) => policy);
  const wide = new Map<NetworkPolicy, Widened>();
  for (const [at, policy] of free.entries()) {
    const others = new Map<NetworkPolicy, Rules>();
    let count = 0;
    for (const other of meeting(policy, at + 1)) {
      const more = missing(policy, other, denied);
      if (more.length > 0) others.set(other, more);
      count += more.length;
      if (count > RULES_MAX) break;
    }
    if (count > 0) wide.set(policy, withRules(policy, [...others.keys()], denied, count));
  }
  return wide;
}

function sharedTypes(one: NetworkPolicy, other: NetworkPolicy, denied: ReadonlySet<PolicyType>): PolicyType[] {
  return one.spec.policyTypes.filter((type) => other.spec.policyTypes.includes(type) && !denied.has(type));
}

function missing(policy: NetworkPolicy, other: NetworkPolicy, denied: ReadonlySet<PolicyType>): Rules {
  return sharedTypes(policy, other, denied).flatMap((type) => {
    const own = new Set(rulesOf(policy, type).map((rule) => JSON.stringify(rule)));
    return rulesOf(other, type).filter((rule) => !own.has(JSON.stringify(rule)));
  });
}

function withRules(
  policy: NetworkPolicy,
  others: readonly NetworkPolicy[],
  denied: ReadonlySet<PolicyType>,
  count: number,
): Widened {
  const rulesFor = (type: PolicyType): Rules => {
    const more = others.filter((other) => sharedTypes(policy, other, denied).includes(type));
    const rules = count > RULES_MAX ? [{}] : more.flatMap((other) => rulesOf(other, type));
    return more.length === 0 ? rulesOf(policy, type) : [...rulesOf(policy, type), ...rules];
  };
  const ingress = rulesFor('Ingress');
  const egress = rulesFor('Egress');
  const spec = {
    ...policy.spec,
    ...(ingress.length > 0 ? { ingress } : {}),
    ...(egress.length > 0 ? { egress } : {}),
  };
  return { policy: { ...policy, spec }, others: others.map(({ metadata }) => metadata.name) };
}
