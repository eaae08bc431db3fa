import type { Finding } from '../finding.js';
import type { Cidr } from '../model/cidr.js';
import type { NamedPort, PortRange } from '../model/ports.js';
import type { LabelSelector } from '../model/selector.js';

export type Direction = 'ingress' | 'egress';

/** Pods by selector, in a namespace by name or in the namespaces of a selector. */
export interface PodsPeer {
  readonly kind: 'pods';
  readonly namespaces: string | LabelSelector;
  readonly podSelector: LabelSelector;
  /** Equal where `namespaces` is the same; starts the key. */
  readonly scope: string;
  readonly key: string;
}

/** Addresses outside the cluster (or of its nodes): canonical texts, and the same parsed. */
export interface BlockPeer {
  readonly kind: 'block';
  readonly cidr: string;
  readonly except: readonly string[];
  readonly range: Cidr;
  readonly exceptRanges: readonly Cidr[];
  readonly key: string;
}

/** One item of `from` or `to`. `key` is equal exactly where the peers are the same, and orders them: pods, IPv4, IPv6. */
export type RulePeer = PodsPeer | BlockPeer;

/** How an end of a flow looks from the other end: everyone inside and outside, or these peers (none: no address is known). */
export type Reach = 'anywhere' | readonly RulePeer[];

/** Ports in canonical order, without overlaps; `key` is equal exactly where the ports are the same. */
export interface PortSet {
  readonly ranges: readonly PortRange[];
  readonly key: string;
}

/** These peers on these ports. */
export interface Rule {
  readonly peers: Reach;
  readonly ports: PortSet;
}

/** The compiled form of one object: all that the pods of a tier may do in one direction, or the default deny of a namespace. */
export type CompiledPolicy = TierPolicy | DefaultDeny;

export interface TierPolicy {
  readonly kind: 'tier';
  readonly namespace: string;
  readonly name: string;
  readonly application: string;
  readonly tier: string;
  readonly direction: Direction;
  readonly podSelector: LabelSelector;
  readonly rules: readonly Rule[];
  /** Names of the flows the rules come from, sorted. DNS and monitoring come from the profile and have no name here. */
  readonly flows: readonly string[];
}

export interface DefaultDeny {
  readonly kind: 'default-deny';
  readonly namespace: string;
  readonly name: string;
}

/** A tier that runs as pods of a namespace here. */
export interface TierOfPods {
  readonly kind: 'pods';
  readonly ref: string;
  readonly application: string;
  readonly name: string;
  readonly namespace: string;
  readonly podSelector: LabelSelector;
  readonly ports: readonly NamedPort[];
  readonly seen: readonly [PodsPeer];
}

/** All that one tier may do in one direction, not yet simplified, and the names of the flows that say so. */
export interface TierRules {
  readonly rules: Rule[];
  readonly flows: string[];
}

/** A tier of pods, and the rules of both its directions as they were gathered. */
export interface SourceTier {
  readonly tier: TierOfPods;
  readonly rules: Readonly<Record<Direction, TierRules>>;
}

/** All that the policies of a namespace are made of. */
export interface NamespaceSource {
  readonly namespace: string;
  readonly defaultDeny: boolean;
  readonly tiers: readonly SourceTier[];
}

/** The policies of a namespace, sorted by name, and what they were made of. */
export interface CompiledNamespace {
  readonly source: NamespaceSource;
  readonly policies: readonly CompiledPolicy[];
}

/** Everything one environment needs, sorted by namespace and name, and what was noticed on the way. */
export interface CompiledEnvironment {
  readonly environment: string;
  /** The same policies by namespace. */
  readonly namespaces: readonly CompiledNamespace[];
  readonly policies: readonly CompiledPolicy[];
  readonly findings: readonly Finding[];
}
