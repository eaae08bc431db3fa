import { canOverlap, isSubset } from '../../../model/selector.js';
import type { Effort } from '../effort.js';
import type { LintedPolicy } from '../linted-policy.js';
import { coverCandidates } from './cover-candidates.js';
import { isCovered, peersIn } from './cover-rule.js';

/** A policy that may be removed, and those that then still do all that it does. */
export interface Shadowed {
  readonly policy: LintedPolicy;
  readonly by: readonly LintedPolicy[];
  /** The other one says the same. */
  readonly isDuplicate: boolean;
}

/**
 * The policies without which not a connection changes, whatever pods there are: other policies isolate the same pods in the same
 * directions, and their rules allow all that its rules allow. All of them may be removed together: none stands in for another that
 * is in the list.
 */
export function shadowedPolicies(policies: readonly LintedPolicy[], effort: Effort): Shadowed[] {
  const candidatesOf = coverCandidates(policies);
  const removed = new Set<LintedPolicy>();
  const found: Shadowed[] = [];
  for (const policy of [...policies].reverse()) {
    const shadowed = shadowOf(policy, candidatesOf(policy), removed, effort);
    if (shadowed === undefined) continue;
    removed.add(policy);
    found.push(shadowed);
  }
  return found.reverse();
}

function shadowOf(
  policy: LintedPolicy,
  candidates: Iterable<LintedPolicy>,
  removed: ReadonlySet<LintedPolicy>,
  effort: Effort,
): Shadowed | undefined {
  const own = policy.policy.spec.podSelector;
  if (!canOverlap(own, own)) return undefined; // it matches nothing: everything would cover it
  const wider: LintedPolicy[] = [];
  const size = peersIn(policy.rules);
  for (const other of candidates) {
    if (!effort.spend(1 + peersIn(other.rules) * size)) return undefined;
    if (!removed.has(other) && isSubset(own, other.policy.spec.podSelector)) wider.push(other);
  }
  const alone = wider.find((other) => covers([other], policy));
  const by = alone !== undefined ? [alone] : covers(wider, policy) ? needed(wider, policy) : undefined;
  return by && { policy, by, isDuplicate: isSame(policy, by) };
}

function covers(others: readonly LintedPolicy[], policy: LintedPolicy): boolean {
  if (others.length === 0) return false;
  return policy.directions.every((direction) => {
    const also = others.filter(({ directions }) => directions.includes(direction));
    const rules = also.flatMap((other) => other.rules.filter((rule) => rule.direction === direction));
    const own = policy.rules.filter((rule) => rule.direction === direction);
    return also.length > 0 && own.every((rule) => isCovered(policy.namespace, rule, rules));
  });
}

const NEEDED_MAX = 50;

/** Without those that the others do not need. */
function needed(others: readonly LintedPolicy[], policy: LintedPolicy): readonly LintedPolicy[] {
  if (others.length > NEEDED_MAX) return others;
  let kept = others;
  for (const other of others) {
    const rest = kept.filter((one) => one !== other);
    if (covers(rest, policy)) kept = rest;
  }
  return kept;
}

function isSame(policy: LintedPolicy, by: readonly LintedPolicy[]): boolean {
  const [other] = by;
  return (
    other !== undefined &&
    by.length === 1 &&
    isSubset(other.policy.spec.podSelector, policy.policy.spec.podSelector) &&
    covers([policy], other)
  );
}
