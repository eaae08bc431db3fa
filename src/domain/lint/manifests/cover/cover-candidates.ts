import { compareText } from '../../../errors.js';
import type { LabelSelector } from '../../../model/selector.js';
import type { LintedPolicy } from '../linted-policy.js';

/**
 * Gives for a policy those of its namespace whose podSelector may hold all its pods: each stands under one label that it asks for, and
 * whoever lies within it must ask for that label too. So most pairs are never compared.
 */
export function coverCandidates(policies: readonly LintedPolicy[]): (policy: LintedPolicy) => Iterable<LintedPolicy> {
  const usage = new Map<string, number>();
  for (const policy of policies) for (const label of labelsOf(policy)) usage.set(label, (usage.get(label) ?? 0) + 1);
  const shelves = new Map<string, LintedPolicy[]>();
  for (const policy of policies) {
    const rare = [...labelsOf(policy)].sort(
      (a, b) => (usage.get(a) ?? 0) - (usage.get(b) ?? 0) || compareText(a, b),
    )[0];
    const shelf = rare ?? looseIn(policy);
    const list = shelves.get(shelf);
    if (list === undefined) shelves.set(shelf, [policy]);
    else list.push(policy);
  }
  return function* (policy) {
    for (const shelf of [...labelsOf(policy), looseIn(policy)])
      for (const other of shelves.get(shelf) ?? []) if (other !== policy) yield other;
  };
}

/** Policies that ask for no label by its one value. */
function looseIn({ namespace }: LintedPolicy): string {
  return `${namespace} `;
}

function labelsOf({ namespace, policy }: LintedPolicy): Set<string> {
  return new Set(labelTexts(policy.spec.podSelector).map((text) => `${namespace} ${text}`));
}

function labelTexts({ matchLabels, matchExpressions }: LabelSelector): string[] {
  const single = (matchExpressions ?? []).filter(({ operator, values }) => operator === 'In' && values?.length === 1);
  return [
    ...Object.entries(matchLabels ?? {}).map(([key, value]) => `${key}=${value}`),
    ...single.map(({ key, values }) => `${key}=${values?.[0] ?? ''}`),
  ];
}
