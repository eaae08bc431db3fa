import { compareText } from '../errors.js';
import type { Labels } from '../model/labels.js';
import type { LabelRequirement, LabelSelector } from '../model/selector.js';

/**
 * True where everything in the selector holds for the labels. The empty selector matches all, an absent one nothing.
 * @example matches({ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] }, {}) // true: the key is missing
 */
export function matches(selector: LabelSelector | null | undefined, labels: Labels): boolean {
  if (selector === null || selector === undefined) return false;
  const { matchLabels, matchExpressions } = selector;
  // By keys, as this is the innermost loop of most answers, and entries are made only to be thrown away.
  if (matchLabels !== undefined)
    for (const key of Object.keys(matchLabels)) if (labelOf(labels, key) !== matchLabels[key]) return false;
  if (matchExpressions === undefined) return true;
  return matchExpressions.every((requirement) => holds(requirement, labelOf(labels, requirement.key)));
}

function holds(requirement: LabelRequirement, value: string | undefined): boolean {
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && (requirement.values ?? []).includes(value);
    case 'NotIn':
      return value === undefined || !(requirement.values ?? []).includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

/** `labels.constructor` is no label: only own keys count. */
function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** One text for selectors that say the same in the same words: the key under which what they match is kept. */
export function selectorKey({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = labelsKey(matchLabels);
  if (matchExpressions.length === 0) return `${labels}|`;
  const expressions = matchExpressions.map(({ key, operator, values }) =>
    JSON.stringify([key, operator, [...(values ?? [])].sort()]),
  );
  return `${labels}|${expressions.sort().join('')}`;
}

/** One text for the same labels, whatever their order. */
export function labelsKey(labels: Labels): string {
  const keys = Object.keys(labels);
  // Labels are mostly written in order.
  if (keys.some((key, index) => index > 0 && key < (keys[index - 1] ?? ''))) keys.sort(compareText);
  let text = '';
  // Each text behind its length: whatever stands in them, different labels have different keys.
  for (const key of keys) text += `${key.length}:${key}${labels[key]?.length}:${labels[key]}`;
  return text;
}
