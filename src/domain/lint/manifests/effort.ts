/**
 * Bounds what rules may spend on comparing things with each other. Where it is used up a rule stops looking, and the answer says so:
 * to miss a hint is better than to make everyone wait.
 */
export interface Effort {
  /** Takes units, if there are any left. */
  readonly spend: (units: number) => boolean;
  readonly isSpent: () => boolean;
}

/** @example effort(10).spend(11) // false */
export function effort(units: number): Effort {
  let left = units;
  return {
    spend: (some) => {
      left -= some;
      return left >= 0;
    },
    isSpent: () => left < 0,
  };
}
