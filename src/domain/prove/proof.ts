import type { Direction } from '../evaluate/grants.js';
import type { Finding } from '../finding.js';

/** What was compared of a snapshot with its rendered bytes, and where they are not the same. */
export interface Proof {
  /** True where the bytes allow exactly what the snapshot declares: no difference and no objection. */
  readonly equal: boolean;
  readonly compared: Compared;
  /** The first ones of a fixed order; `differenceCount` counts them all. */
  readonly differences: readonly Difference[];
  readonly differenceCount: number;
  /** What is wrong with the objects themselves: broken, of another kind, missing, or not called for by any tier. */
  readonly objections: readonly Finding[];
  readonly objectionCount: number;
  /** Where a cluster may behave otherwise than one would think, though the bytes say what the snapshot says. */
  readonly caveats: readonly Finding[];
  readonly caveatCount: number;
}

/** How much a proof looked at. */
export interface Compared {
  readonly tiers: number;
  readonly flows: number;
  readonly objects: number;
  /** Pods made up for the proof. Each is asked about as source and as destination. */
  readonly probes: number;
  /** Ranges of addresses that no block of either side tells apart, in both directions. */
  readonly ranges: number;
  /** Questions answered: each probe in each direction with every probe and every range. */
  readonly pairs: number;
}

/** `too-much`: the bytes allow what is not declared; `too-little`: something is declared that they do not allow. */
export type DifferenceKind = 'too-little' | 'too-much';

/** Ports on which one side, that of `subject`, is not as declared. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly direction: Direction;
  /** `application/tier`, or the pod where it is of no tier. */
  readonly subject: string;
  /** The tiers that the subject is of: mostly one. */
  readonly tiers: readonly string[];
  /** Whom the subject may reach or be reached from: `application/tier`, a pod, a range of addresses, or `anyone else`. */
  readonly other: string;
  /** `TCP 80,UDP 53`, or `All Connections`. */
  readonly ports: string;
  /** `namespace/name`: those that allow too much, or all that hold for the subject where they allow too little. */
  readonly policies: readonly string[];
  /** Flows between the two: those that ask for the missing ports, or any, where too much is allowed. */
  readonly flows: readonly string[];
  /** As `flows`, of what comes from the environment's profile. */
  readonly profile: readonly ('dns' | 'monitoring')[];
}

/** No list of a proof is longer than this. */
export const LISTED_MAX = 100;
