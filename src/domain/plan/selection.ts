import type { EgressRule, IngressRule, NetworkPolicy, PolicyType } from '../kubernetes/network-policy.js';
import { canOverlap, isSubset, type LabelSelector } from '../model/selector.js';

export type Rules = readonly (IngressRule | EgressRule)[];

/** The rules of an object for a direction that it rules. */
export function rulesOf({ spec }: NetworkPolicy, type: PolicyType): Rules {
  return (type === 'Ingress' ? spec.ingress : spec.egress) ?? [];
}

/** It isolates every pod of its namespace and allows nothing. */
export function isDefaultDeny(policy: NetworkPolicy): boolean {
  const { podSelector, policyTypes } = policy.spec;
  return isSubset({}, podSelector) && policyTypes.every((type) => rulesOf(policy, type).length === 0);
}

/** Every pod and direction that `inner` isolates is isolated by `outer` too. */
export function isolatesAll(outer: NetworkPolicy, inner: NetworkPolicy): boolean {
  const types = inner.spec.policyTypes.every((type) => outer.spec.policyTypes.includes(type));
  return types && isSubset(inner.spec.podSelector, outer.spec.podSelector);
}

/** Whoever `inner` selects is selected by `outer` and may do there what `inner` allows. Where in doubt: no. */
export function holdsAll(outer: NetworkPolicy, inner: NetworkPolicy): boolean {
  if (!isolatesAll(outer, inner)) return false;
  return inner.spec.policyTypes.every((type) => {
    const allowed = grantsOf(rulesOf(outer, type));
    return [...grantsOf(rulesOf(inner, type))].every((grant) => allowed.has(grant));
  });
}

/** One text for each peer on each port. */
function grantsOf(rules: Rules): ReadonlySet<string> {
  const grants = new Set<string>();
  for (const rule of rules) {
    const peers = 'from' in rule ? rule.from : 'to' in rule ? rule.to : undefined;
    for (const peer of peers ?? [null])
      for (const port of rule.ports ?? [null]) grants.add(JSON.stringify([peer, port]));
  }
  return grants;
}

/** Some pod could be selected by both, for the same direction. */
export function couldShare(one: NetworkPolicy, other: NetworkPolicy): boolean {
  const type = one.spec.policyTypes.some((own) => other.spec.policyTypes.includes(own));
  return type && canOverlap(one.spec.podSelector, other.spec.podSelector);
}

/** A way to find the items whose objects could select a pod that a given object selects, among those from a place on. */
export type Meetings<T> = (policy: NetworkPolicy, from?: number) => Generator<T>;

/**
 * Looks objects of one namespace up by the values of the label that tells most of them apart, so that the usual estate (`app: x`,
 * `app: y`, ...) is not compared pair by pair.
 * @example [...meetings([web, db], ({ after }) => after)(web.before)] // [web]
 */
export function meetings<T>(items: readonly T[], policyOf: (item: T) => NetworkPolicy): Meetings<T> {
  const selectors = items.map((item) => policyOf(item).spec.podSelector);
  const key = mostTellingKey(selectors);
  const places = placesByValue(selectors, key);
  const all = items.map((_, at) => at);
  return function* (policy, from = 0) {
    const values = valuesOf(policy.spec.podSelector, key);
    const near = [...new Set(values?.flatMap((value) => places.get(value) ?? []))];
    // Not put together: whoever finds enough among the first ones asks for no more.
    for (const list of values === undefined ? [all] : [near, places.get(undefined) ?? []])
      for (const at of list) {
        const item = at < from ? undefined : items[at];
        if (item !== undefined && couldShare(policyOf(item), policy)) yield item;
      }
  };
}

/** Under `undefined` the places of those that do not name their values. */
function placesByValue(
  selectors: readonly LabelSelector[],
  key: string | undefined,
): ReadonlyMap<string | undefined, readonly number[]> {
  const places = new Map<string | undefined, number[]>();
  for (const [at, selector] of selectors.entries())
    for (const value of valuesOf(selector, key) ?? [undefined]) {
      const known = places.get(value);
      if (known === undefined) places.set(value, [at]);
      else known.push(at);
    }
  return places;
}

function mostTellingKey(selectors: readonly LabelSelector[]): string | undefined {
  const values = new Map<string, Set<string>>();
  for (const { matchLabels = {} } of selectors)
    for (const [key, value] of Object.entries(matchLabels)) values.set(key, (values.get(key) ?? new Set()).add(value));
  let best: string | undefined;
  for (const [key, { size }] of values) if (size > (values.get(best ?? '')?.size ?? 0)) best = key;
  return best;
}

/** The values that the selector admits for a label; nothing where it does not name them. */
function valuesOf(
  { matchLabels, matchExpressions }: LabelSelector,
  key: string | undefined,
): readonly string[] | undefined {
  if (key === undefined) return undefined;
  // A label may be called `constructor`: never ask an object for a key it may inherit.
  const value = matchLabels !== undefined && Object.hasOwn(matchLabels, key) ? matchLabels[key] : undefined;
  if (value !== undefined) return [value];
  return matchExpressions?.find((one) => one.key === key && one.operator === 'In')?.values;
}
