/** References to tiers as two lists. */
export interface TierRefs {
  readonly applications: string[];
  readonly tiers: string[];
  /** Tells which of the tiers found were asked for. */
  readonly has: (ref: string) => boolean;
}

/**
 * Takes references `application/tier` and gives what a `where` needs that stays short however many there are: an application and a
 * tier out of two lists, where pairs would be a long OR. It finds more where several applications have tiers of the same name.
 * @example readTierRefs(['shop/web', 'shop/api']).applications // ['shop']
 */
export function readTierRefs(refs: readonly string[]): TierRefs {
  const asked = new Set(refs);
  const parts = refs.map((ref) => ref.split('/') as [application: string, tier: string]);
  return {
    applications: [...new Set(parts.map(([application]) => application))],
    tiers: [...new Set(parts.map(([, tier]) => tier))],
    has: (ref) => asked.has(ref),
  };
}
