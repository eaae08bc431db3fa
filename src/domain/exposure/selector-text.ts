import { compareText } from '../errors.js';
import type { LabelRequirement, LabelSelector } from '../model/selector.js';

/**
 * A selector as kubectl writes it, in one order whatever order it was given in; empty for the selector that matches all.
 * @example selectorText({ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'Exists' }] }) // 'app=web,tier'
 */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const texts = [...labels, ...matchExpressions.map(requirementText)];
  return [...new Set(texts)].sort(compareText).join(',');
}

function requirementText({ key, operator, values = [] }: LabelRequirement): string {
  const list = [...new Set(values)].sort(compareText);
  switch (operator) {
    case 'In':
      return list.length === 1 ? `${key}=${list[0]}` : `${key} in (${list.join(',')})`;
    case 'NotIn':
      return list.length === 1 ? `${key}!=${list[0]}` : `${key} notin (${list.join(',')})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
  }
}
