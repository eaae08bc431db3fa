import { formatField } from '../../../kubernetes/fields.js';
import { isCovered, peersIn } from '../cover/cover-rule.js';
import { removablePolicies } from '../cover/removable.js';
import type { Effort } from '../effort.js';
import { placeOf, type LintedPolicy, type LintedRule } from '../linted-policy.js';
import type { ManifestRule } from '../manifest-facts.js';

/** A rule that the other rules of its policy cover. Where the whole policy is covered, that is said instead. */
export const ruleShadowed: ManifestRule = {
  code: 'rule-shadowed',
  severity: 'info',
  what: 'A rule that other rules of the same policy cover: removing it changes no connection.',
  mend: 'Remove it, or narrow the rule that covers it, if that one was meant to be narrower.',
  find: (facts) => {
    const gone = new Set(removablePolicies(facts).map(({ policy }) => policy));
    return facts.policies
      .filter((policy) => !gone.has(policy))
      .flatMap((policy) =>
        shadowedRules(policy, facts.comparing).map(([rule, by]) => ({
          path: placeOf(policy, rule.path),
          message: `NetworkPolicy ${policy.ref}: ${by === undefined ? 'other rules together allow' : `${formatField(by.path)} allows`} all that this rule allows`,
        })),
      );
  },
};

/** The later one of two that say the same; none stands in for another that is given. */
function shadowedRules(policy: LintedPolicy, effort: Effort): (readonly [LintedRule, LintedRule | undefined])[] {
  const removed = new Set<LintedRule>();
  const found: (readonly [LintedRule, LintedRule | undefined])[] = [];
  for (const rule of [...policy.rules].reverse()) {
    const others = policy.rules.filter(
      (other) => other !== rule && other.direction === rule.direction && !removed.has(other),
    );
    if (others.length === 0 || !effort.spend(peersIn([rule]) * peersIn(others))) continue;
    if (!isCovered(policy.namespace, rule, others)) continue;
    removed.add(rule);
    found.push([rule, others.find((other) => isCovered(policy.namespace, rule, [other]))]);
  }
  return found.reverse();
}
