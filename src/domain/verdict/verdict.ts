import type { Direction } from '../evaluate/grants.js';
import type { PortSet } from '../evaluate/port-set.js';
import type { Basis } from '../evaluate/verdict.js';
import type { Finding } from '../finding.js';
import type { Flow } from '../model/entities.js';
import type { Question } from './question.js';
import type { ProfileFact } from './reasons.js';

/** The answer to a question about an edition, with all that made it. Text is made of it later. */
export interface Verdict {
  readonly environment: string;
  readonly question: Question;
  /** Of the port that was asked about; without one, whether there is any port. */
  readonly allowed: boolean;
  /** Every port on which the source may reach the destination. */
  readonly ports: PortSet;
  readonly egress: SideVerdict;
  readonly ingress: SideVerdict;
  /** The flows behind what is allowed: those that name both ends first, then by name. */
  readonly flows: readonly Flow[];
  /** What stands in the way, where it is denied. */
  readonly missing: readonly Missing[];
  /** Where a cluster may behave otherwise than the answer alone would say. */
  readonly caveats: readonly Finding[];
}

/**
 * Why a side allows what it allows: what the evaluator says, or `peer` (its own side is not Sluice's to decide), or `absent` (nothing
 * stands for an end in this environment).
 */
export type SideBasis = Basis | 'peer' | 'absent';
export const SIDE_BASES: readonly SideBasis[] = [
  'policies',
  'default-allow',
  'outside-cluster',
  'host-network',
  'same-pod',
  'own-node',
  'peer',
  'absent',
];

/** One direction: egress of the source, or ingress of the destination. */
export interface SideVerdict {
  readonly direction: Direction;
  /** Whose side it is, as it was asked about. */
  readonly subject: string;
  readonly basis: SideBasis;
  readonly allowed: PortSet;
  /** Every object that isolates the subject in this direction, by name. */
  readonly objects: readonly ObjectVerdict[];
}

/** A NetworkPolicy of the edition, and which of its rules let the other end through. */
export interface ObjectVerdict {
  /** `namespace/name`. */
  readonly policy: string;
  readonly allowed: PortSet;
  readonly rules: readonly RuleReason[];
}

/** A rule, numbered from 1, that lets the other end through (on the port that was asked about), and what it came from. */
export interface RuleReason {
  readonly rule: number;
  readonly allowed: PortSet;
  readonly flows: readonly string[];
  readonly profile: readonly ProfileFact[];
}

/** What a denial comes from: a closed list. */
export const MISSING = [
  'not-placed', // the application of a tier has no placement in the environment
  'no-address', // a peer, or a tier placed outside, has no address in the environment
  'no-pods', // a selector contradicts itself and matches no pod
  'same-tier', // pods of one tier: a flow cannot lead from a tier to itself
  'no-flow', // an object isolates the side, and no flow leads from the one to the other
  'other-ports', // flows lead from the one to the other, on other ports only
  'not-rendered', // a flow declares it, and the objects do not allow it
] as const;

/** One thing that stands in the way. */
export interface Missing {
  readonly code: (typeof MISSING)[number];
  /** Whose side it is; absent where it is about both. */
  readonly direction?: Direction;
  /** The end that it is about, as it was asked about. */
  readonly subject: string;
  /** The objects that isolate the side: `namespace/name`. */
  readonly objects: readonly string[];
  /** The flows between the two ends. */
  readonly flows: readonly string[];
  /** What the model lacks, in words. */
  readonly why: string;
  /** What the objects do, in words. */
  readonly detail: string;
}
