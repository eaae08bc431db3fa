import { moreProblems, type Problem, PROBLEMS_MAX } from '../errors.js';
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
 * all tiers of the namespaces they are in; gives a problem for each pair where one selector matches every pod of the other: a hundred, and
 * how many more there are. That some pod *could* match both is not refused here: compile makes it a finding.
 * @example selectorOverlaps([web], [web, alsoWeb], () => '#/podSelector') // [{ code: 'selector-overlap', ... }]
 */
export function selectorOverlaps(
  changed: readonly TierInNamespace[],
  all: readonly TierInNamespace[],
  pointerOf: (tier: TierInNamespace) => string,
): Problem[] {
  const problems: Problem[] = [];
  let more = 0;
  for (const [tier, other] of pairs(changed, all)) {
    const takes = isSubset(other.podSelector, tier.podSelector);
    if (!takes && !isSubset(tier.podSelector, other.podSelector)) continue;
    if (problems.length === PROBLEMS_MAX) more++;
    else problems.push(takes ? overlap(tier, other, tier, pointerOf) : overlap(other, tier, tier, pointerOf));
  }
  return more === 0 ? problems : [...problems, moreProblems(more)];
}

/** Each changed tier with each other one of its namespace; two that both change come once. */
function* pairs(
  changed: readonly TierInNamespace[],
  all: readonly TierInNamespace[],
): Generator<readonly [TierInNamespace, TierInNamespace]> {
  const id = ({ ref, environment }: TierInNamespace) => `${environment} ${ref}`;
  const turns = new Map(changed.map((tier, turn) => [id(tier), turn]));
  const others = all.map((other) => ({ other, turn: turns.get(id(other)) ?? Infinity }));
  for (const [now, tier] of changed.entries()) {
    for (const { other, turn } of others) {
      const shares = other.environment === tier.environment && other.namespace === tier.namespace;
      if (shares && turn > now) yield [tier, other];
    }
  }
}

function overlap(
  wide: TierInNamespace,
  narrow: TierInNamespace,
  at: TierInNamespace,
  pointerOf: (tier: TierInNamespace) => string,
): Problem {
  const where = `namespace "${at.namespace}" of environment "${at.environment}"`;
  const detail = `the selector of tier "${wide.ref}" selects the pods of tier "${narrow.ref}" in ${where}: give them labels that tell them apart`;
  return { pointer: pointerOf(at), code: 'selector-overlap', detail, value: at.podSelector };
}
