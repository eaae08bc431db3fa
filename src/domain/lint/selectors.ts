import { NAMESPACE_NAME_LABEL } from '../kubernetes/namespaces.js';
import { isSubset, type LabelSelector } from '../model/selector.js';

/** Every namespace carries its name: a selector that asks for no more than that matches all. */
const ANY_NAMESPACE: LabelSelector = { matchExpressions: [{ key: NAMESPACE_NAME_LABEL, operator: 'Exists' }] };

/** True where the selector matches every namespace there may be. */
export function matchesEveryNamespace(selector: LabelSelector): boolean {
  return isSubset(ANY_NAMESPACE, selector);
}

/** True where the selector matches every pod there may be: it is absent or empty. */
export function matchesEveryPod(selector: LabelSelector | undefined): boolean {
  return selector === undefined || isSubset({}, selector);
}

/**
 * A selector in one line.
 * @example formatSelector({ matchLabels: { app: 'web' } }) // 'app=web'
 */
export function formatSelector({ matchLabels, matchExpressions }: LabelSelector): string {
  const labels = Object.entries(matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = (matchExpressions ?? []).map(({ key, operator, values }) =>
    values === undefined ? `${key} ${operator}` : `${key} ${operator} (${values.slice(0, 5).join(', ')})`,
  );
  return [...labels, ...expressions].join(', ') || '{}';
}

/** The names of namespaces that a selector can only match: those it lists under kubernetes.io/metadata.name. Nothing where it does not. */
export function namesSelected({ matchLabels, matchExpressions }: LabelSelector): readonly string[] | undefined {
  const label = Object.entries(matchLabels ?? {}).find(([key]) => key === NAMESPACE_NAME_LABEL);
  if (label !== undefined) return [label[1]];
  const listed = matchExpressions?.find(({ key, operator }) => key === NAMESPACE_NAME_LABEL && operator === 'In');
  return listed?.values;
}
