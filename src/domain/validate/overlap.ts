import type { Problem } from '../errors.js';
import { isSubset, type LabelSelector } from '../model/selector.js';

/** A tier of pods where it is placed. */
export interface TierInNamespace {
  /** `application/tier` */
  readonly ref: string;
  readonly environment: string;
  readonly namespace: string;
  readonly podSelector: LabelSelector;
}

/**
 * In one namespace, no tier may select the pods of another: the policies of both would hold for them. Takes the tiers that change and
 * all tiers of the namespaces they are in; gives a problem for each pair where one selector matches every pod of the other.
 * That some pod *could* match both is not refused here: compile makes it a finding.
 * @example selectorOverlaps([web], [web, alsoWeb], () => '#/podSelector') // [{ code: 'selector-overlap', ... }]
 */
export function selectorOverlaps(
  changed: readonly TierInNamespace[],
  all: readonly TierInNamespace[],
  pointerOf: (tier: TierInNamespace) => string,
): Problem[] {
  return changed.flatMap((tier, index) =>
    all
      .filter(
        (other) =>
          other.ref !== tier.ref && other.environment === tier.environment && other.namespace === tier.namespace,
      )
      .filter(
        (other) =>
          !changed.slice(0, index).some((done) => done.ref === other.ref && done.environment === other.environment),
      )
      .flatMap((other) => overlapOf(tier, other, pointerOf(tier))),
  );
}

function overlapOf(tier: TierInNamespace, other: TierInNamespace, pointer: string): Problem[] {
  const takes = isSubset(other.podSelector, tier.podSelector);
  if (!takes && !isSubset(tier.podSelector, other.podSelector)) return [];
  const [wide, narrow] = takes ? [tier, other] : [other, tier];
  const where = `namespace "${tier.namespace}" of environment "${tier.environment}"`;
  const detail = `the selector of tier "${wide.ref}" selects the pods of tier "${narrow.ref}" in ${where}: give them labels that tell them apart`;
  return [{ pointer, code: 'selector-overlap', detail, value: tier.podSelector }];
}
