import type { Direction } from '../../evaluate/grants.js';
import type { DeclaredRule } from './declared-tier.js';
import type { PlacedTier } from './tiers.js';

/** A tier of pods whose rules are being gathered. */
export interface Gathering {
  readonly placed: PlacedTier;
  readonly rules: Readonly<Record<Direction, DeclaredRule[]>>;
}
