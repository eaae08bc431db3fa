/** What a difference means for who may talk to whom: a closed list. */
export const RISKS = [
  'widens', // all that was allowed still is, and more
  'narrows', // nothing more is allowed, and less
  'both', // something more and something less, or it cannot be told
] as const;
export type Risk = (typeof RISKS)[number];

/** `same`, or what the difference means. */
export type Difference = Risk | 'same';

/**
 * What several differences mean together.
 * @example joinRisks(['same', 'widens', 'narrows']) // 'both'
 */
export function joinRisks(parts: readonly Difference[]): Difference {
  const [first, ...others] = new Set(parts.filter((part) => part !== 'same'));
  return first === undefined ? 'same' : others.length === 0 ? first : 'both';
}

/** What it means where the one side holds the other: both ways it is the same, neither way it cannot be told. */
export function riskOf(afterHoldsBefore: boolean, beforeHoldsAfter: boolean): Difference {
  if (afterHoldsBefore) return beforeHoldsAfter ? 'same' : 'widens';
  return beforeHoldsAfter ? 'narrows' : 'both';
}
