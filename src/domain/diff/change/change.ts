import type { Direction } from '../../compile/compiled.js';
import type { Endpoint } from '../../model/entities.js';
import type { PortRange } from '../../model/ports.js';
import type { Risk } from './risk.js';

/** What may happen to what one end may do to another: a closed list. */
export const CONNECTION_CHANGE_KINDS = [
  'added', // nothing was declared before
  'removed', // nothing is declared after
  'changed', // other ports, or an end stands for other pods or addresses
] as const;
export type ConnectionChangeKind = (typeof CONNECTION_CHANGE_KINDS)[number];

/** The facts of a profile that a change names: a closed list. */
export const PROFILE_FACTS = ['defaultDeny', 'dns', 'nodeCidrs', 'apiServerCidrs', 'monitoring'] as const;
export type ProfileFact = (typeof PROFILE_FACTS)[number];

/** What is declared between two ends on one side of a change; everything is empty where nothing is. */
export interface Declared {
  readonly ports: readonly PortRange[];
  /** Names of the flows that declare it, sorted. */
  readonly flows: readonly string[];
  /** The objects that hold it, `namespace/name`: egress of the source, then ingress of the destination. */
  readonly policies: readonly string[];
}

/** Two ends between which something else is declared after than before. */
export interface ChangedConnection {
  readonly kind: ConnectionChangeKind;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly before: Declared;
  readonly after: Declared;
  readonly gained: readonly PortRange[];
  readonly lost: readonly PortRange[];
  readonly risk: Risk;
  /** Where an end came, went, or stands for other pods or addresses. */
  readonly reason?: string;
  /** Of the tiers at the ends, sorted. */
  readonly applications: readonly string[];
  readonly teams: readonly string[];
}

/** One fact of the cluster that is another one; `before` and `after` are for people. */
export interface ChangedFact {
  readonly fact: ProfileFact;
  readonly before: string;
  readonly after: string;
  readonly risk: Risk;
}

/** A tier whose pods an object isolates in these directions on one side of a change, and nothing on the other. */
export interface IsolatedTier {
  readonly tier: string;
  readonly namespace: string;
  readonly directions: readonly Direction[];
  /** The objects that isolate it, `namespace/name`, sorted. */
  readonly policies: readonly string[];
}

/** What is isolated on one side only: tiers, and namespaces of which the default deny isolates also pods that no tier names. */
export interface Isolated {
  readonly tiers: readonly IsolatedTier[];
  readonly namespaces: readonly string[];
}

/** How many connections change, by what that means for who may talk to whom. */
export interface RiskCounts {
  readonly widens: number;
  readonly narrows: number;
  readonly both: number;
}

/** A connection counts once for each application and each team at its ends. */
export interface ChangeSummary {
  readonly connections: RiskCounts;
  readonly byApplication: readonly (RiskCounts & { readonly application: string; readonly team?: string })[];
  readonly byTeam: readonly (RiskCounts & { readonly team: string })[];
  readonly newlyIsolatedTiers: number;
  readonly noLongerIsolatedTiers: number;
}

/** The way from one snapshot of an environment to another, in terms of who may talk to whom. */
export interface Change {
  readonly connections: readonly ChangedConnection[];
  readonly profile: readonly ChangedFact[];
  /** What breaks running traffic that nothing declares, at the moment of the apply. */
  readonly newlyIsolated: Isolated;
  /** What anyone may reach, or what may reach anyone, from the moment of the apply, where no other object isolates it. */
  readonly noLongerIsolated: Isolated;
  readonly summary: ChangeSummary;
}
