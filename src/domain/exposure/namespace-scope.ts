import { matches } from '../evaluate/selector.js';
import { NAMESPACE_NAME_LABEL } from '../kubernetes/namespaces.js';
import type { Labels } from '../model/labels.js';
import { canOverlap, isSubset, type LabelRequirement, type LabelSelector } from '../model/selector.js';
import { selectorText } from './selector-text.js';

/** In which namespaces a pod is looked for. `every` and `one` are told apart, as most selectors mean one of the two. */
export type NamespaceScope =
  | { readonly kind: 'every' }
  | { readonly kind: 'one'; readonly name: string }
  | { readonly kind: 'matching'; readonly selector: LabelSelector };

/** The labels of the namespaces that are known; any other namespace may have any labels. */
export type KnownNamespaces = ReadonlyMap<string, Labels>;

const EVERY_NAMESPACE: LabelSelector = { matchExpressions: [{ key: NAMESPACE_NAME_LABEL, operator: 'Exists' }] };

/**
 * What a namespaceSelector means: every namespace has the label kubernetes.io/metadata.name, with its name as value, so a
 * selector of one name is that namespace. Nothing where no namespace can match: the selector contradicts itself, or the
 * namespaces that it names have other labels.
 * @example namespaceScope({ matchLabels: { 'kubernetes.io/metadata.name': 'shop' } }, new Map()) // { kind: 'one', name: 'shop' }
 */
export function namespaceScope(selector: LabelSelector, known: KnownNamespaces): NamespaceScope | undefined {
  if (isSubset(EVERY_NAMESPACE, selector)) return { kind: 'every' };
  if (!canOverlap(selector, EVERY_NAMESPACE)) return undefined;
  const names = namesIn(selector)?.filter((name) => mayMatch(name, selector, known));
  const [first, ...others] = names ?? [];
  if (names === undefined || others.length > 0) return { kind: 'matching', selector };
  if (first === undefined) return undefined;
  return known.has(first) || asksForNameOnly(selector) ? { kind: 'one', name: first } : { kind: 'matching', selector };
}

/** Every namespace of `inner` is one of `outer`. */
export function scopeWithin(inner: NamespaceScope, outer: NamespaceScope, known: KnownNamespaces): boolean {
  if (outer.kind === 'every') return true;
  if (inner.kind === 'one') {
    if (outer.kind === 'one') return inner.name === outer.name;
    const labels = known.get(inner.name);
    if (labels !== undefined) return matches(outer.selector, labels);
  }
  return isSubset(selectorOf(inner), selectorOf(outer));
}

/** The name, where the scope can be no other namespace. */
export function onlyNameOf(scope: NamespaceScope): string | undefined {
  if (scope.kind === 'one') return scope.name;
  const [name, ...others] = (scope.kind === 'matching' ? namesIn(scope.selector) : undefined) ?? [];
  return others.length === 0 ? name : undefined;
}

/** `*`, the name, or the selector in braces. */
export function scopeText(scope: NamespaceScope): string {
  switch (scope.kind) {
    case 'every':
      return '*';
    case 'one':
      return scope.name;
    case 'matching':
      return `{${selectorText(scope.selector)}}`;
  }
}

function selectorOf(scope: NamespaceScope): LabelSelector {
  switch (scope.kind) {
    case 'every':
      return EVERY_NAMESPACE;
    case 'one':
      return { matchLabels: { [NAMESPACE_NAME_LABEL]: scope.name } };
    case 'matching': {
      const named = EVERY_NAMESPACE.matchExpressions ?? [];
      return { ...scope.selector, matchExpressions: [...(scope.selector.matchExpressions ?? []), ...named] };
    }
  }
}

/** The only names that the selector admits; nothing where it does not ask for names. */
function namesIn(selector: LabelSelector): readonly string[] | undefined {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const label = Object.hasOwn(matchLabels, NAMESPACE_NAME_LABEL) ? matchLabels[NAMESPACE_NAME_LABEL] : undefined;
  const listed = matchExpressions.find(({ key, operator }) => key === NAMESPACE_NAME_LABEL && operator === 'In');
  const names = label === undefined ? listed?.values : [label];
  const admitted = (name: string) => canOverlap(selector, { matchLabels: { [NAMESPACE_NAME_LABEL]: name } });
  return names === undefined ? undefined : [...new Set(names)].filter(admitted);
}

/** A namespace that is not known may have whatever other labels the selector asks for. */
function mayMatch(name: string, selector: LabelSelector, known: KnownNamespaces): boolean {
  const labels = known.get(name);
  return labels === undefined || matches(selector, labels);
}

function asksForNameOnly({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  const isName = ({ key }: Pick<LabelRequirement, 'key'>): boolean => key === NAMESPACE_NAME_LABEL;
  return matchExpressions.every(isName) && Object.keys(matchLabels).every((key) => isName({ key }));
}
