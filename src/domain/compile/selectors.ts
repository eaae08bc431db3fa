import { compareText } from '../errors.js';
import type { LabelRequirement, LabelSelector } from '../model/selector.js';
import type { PodsPeer } from './compiled.js';

/** The label every namespace carries with its own name. https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name */
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/**
 * The one way to write a selector: keys sorted, values sorted and single, `In` with one value as a label, nothing empty.
 * Selectors that say the same in another order come out equal. Refuses nothing.
 * @example canonicalSelector({ matchExpressions: [{ key: 'app', operator: 'In', values: ['a'] }] }) // { matchLabels: { app: 'a' } }
 */
export function canonicalSelector(selector: LabelSelector): LabelSelector {
  const labels = new Map(Object.entries(selector.matchLabels ?? {}));
  const expressions = new Map<string, LabelRequirement>();
  for (const requirement of (selector.matchExpressions ?? []).map(canonicalRequirement).sort(compareRequirements)) {
    const only = requirement.operator === 'In' && requirement.values?.length === 1 ? requirement.values[0] : undefined;
    if (only !== undefined && (labels.get(requirement.key) ?? only) === only) labels.set(requirement.key, only);
    else expressions.set(JSON.stringify(requirement), requirement);
  }
  return selectorOf([...labels], [...expressions.values()]);
}

/** A selector of these labels and expressions, with the keys of the labels sorted and nothing written that is empty. */
export function selectorOf(
  labels: readonly (readonly [string, string])[],
  expressions: readonly LabelRequirement[],
): LabelSelector {
  const sorted = [...labels].sort((a, b) => compareText(a[0], b[0]));
  return {
    ...(sorted.length > 0 ? { matchLabels: Object.fromEntries(sorted) } : {}),
    ...(expressions.length > 0 ? { matchExpressions: [...expressions].sort(compareRequirements) } : {}),
  };
}

function canonicalRequirement({ key, operator, values }: LabelRequirement): LabelRequirement {
  if (operator === 'Exists' || operator === 'DoesNotExist') return { key, operator };
  return { key, operator, values: [...new Set(values)].sort(compareText) };
}

function compareRequirements(a: LabelRequirement, b: LabelRequirement): number {
  return (
    compareText(a.key, b.key) ||
    compareText(a.operator, b.operator) ||
    compareText(JSON.stringify(a.values ?? []), JSON.stringify(b.values ?? []))
  );
}

/**
 * Pods in one namespace, or in the namespaces of a selector. A selector that names just one namespace becomes that name, so that a
 * peer meets the tiers of the same namespace in one form. `podSelector` is taken as canonical.
 * @example podsPeer('shop', { matchLabels: { app: 'web' } })
 */
export function podsPeer(namespaces: string | LabelSelector, podSelector: LabelSelector): PodsPeer {
  const where = typeof namespaces === 'string' ? namespaces : nameOrSelector(canonicalSelector(namespaces));
  // A name is lower case, digits and '-', a selector starts with '{': names sort first and no two scopes share a text.
  const scope = `in ${typeof where === 'string' ? where : JSON.stringify(where)} `;
  return { kind: 'pods', namespaces: where, podSelector, scope, key: scope + JSON.stringify(podSelector) };
}

function nameOrSelector(selector: LabelSelector): string | LabelSelector {
  const labels = Object.entries(selector.matchLabels ?? {});
  const [first] = labels;
  const isName = labels.length === 1 && first?.[0] === NAMESPACE_NAME && selector.matchExpressions === undefined;
  return isName ? first[1] : selector;
}
