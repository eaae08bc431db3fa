import type { CidrBlock } from './cidr.js';
import type { Labels } from './labels.js';
import type { NamedPort, PortRange } from './ports.js';
import type { LabelSelector } from './selector.js';

/** A link for people: a runbook, a repository. */
export interface Link {
  readonly title: string;
  readonly url: string;
}

/** What every object of the model carries for people. Names are immutable; none of this changes what is rendered. */
export interface Described {
  readonly displayName?: string;
  readonly description?: string;
  readonly labels?: Labels;
  readonly links?: readonly Link[];
}

/** Owns applications. */
export interface Team extends Described {
  readonly name: string;
}

/** What a team ships; made of tiers. */
export interface Application extends Described {
  readonly name: string;
  readonly team: string;
}

/** One part of an application: pods with the same labels, and their named ports. Referred to as `application/tier`. */
export interface Tier extends Described {
  readonly application: string;
  readonly name: string;
  readonly podSelector: LabelSelector;
  readonly ports: readonly NamedPort[];
}

/** A block of a cidr peer: everywhere, or in the environments it names. */
export interface PeerBlock extends CidrBlock {
  readonly environments?: readonly string[];
}

export const PEER_KINDS = ['pods', 'cidr', 'internet', 'anywhere', 'nodes', 'apiserver'] as const;
export type PeerKind = (typeof PEER_KINDS)[number];

/** Anything a flow can touch that is not a tier. */
export type Peer = Described & { readonly name: string } & PeerAddress;

export type PeerAddress =
  /** Without a namespaceSelector: pods in the namespace of the flow's other end. Without a podSelector: all pods there. */
  | { readonly kind: 'pods'; readonly namespaceSelector?: LabelSelector; readonly podSelector?: LabelSelector }
  | { readonly kind: 'cidr'; readonly blocks: readonly PeerBlock[] }
  /** 0.0.0.0/0 and ::/0 except the private ranges, or except `except` where it is given. */
  | { readonly kind: 'internet'; readonly except?: readonly string[] }
  /** Everything: pods of every namespace and every address. */
  | { readonly kind: 'anywhere' }
  /** The addresses are facts of the cluster: profile.nodeCidrs and profile.apiServerCidrs. */
  | { readonly kind: 'nodes' }
  | { readonly kind: 'apiserver' };

/** How pods of this cluster resolve names: DNS pods by selector, on `ports`, and the addresses of node-local caches. */
export interface DnsProfile {
  readonly namespaceSelector: LabelSelector;
  readonly podSelector: LabelSelector;
  readonly ports: readonly PortRange[];
  readonly nodeLocalCidrs?: readonly string[];
}

/** Who scrapes metrics: these pods may reach every tier that has a port of one of these names. */
export interface MonitoringProfile {
  readonly namespaceSelector: LabelSelector;
  readonly podSelector: LabelSelector;
  readonly portNames: readonly string[];
}

/** The facts of a cluster that make rendering right. `dns: null` means that no DNS rule is rendered. */
export interface Profile {
  readonly defaultDeny: boolean;
  readonly dns: DnsProfile | null;
  readonly nodeCidrs: readonly string[];
  readonly apiServerCidrs: readonly string[];
  readonly monitoring: MonitoringProfile | null;
}

/** kube-dns on port 53 in kube-system, default deny on, no monitoring, no node addresses. */
export const DEFAULT_DNS: DnsProfile = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
  podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
  ports: [
    { protocol: 'TCP', port: 53 },
    { protocol: 'UDP', port: 53 },
  ],
};

export const DEFAULT_PROFILE: Profile = {
  defaultDeny: true,
  dns: DEFAULT_DNS,
  nodeCidrs: [],
  apiServerCidrs: [],
  monitoring: null,
};

/** A cluster (or part of one) with its own placements, profile and versions. */
export interface Environment extends Described {
  readonly name: string;
  readonly profile: Profile;
}

/** How one tier differs in this environment. `outside` means: no pods here, but these addresses (a managed database). */
export interface TierPlacement {
  readonly tier: string;
  /** Laid over the podSelector's matchLabels, key by key. */
  readonly labels?: Labels;
  /** Other numbers for ports the tier names. */
  readonly ports?: readonly NamedPort[];
  readonly outside?: readonly CidrBlock[];
}

/** Where an application lives in an environment. */
export interface Placement {
  readonly environment: string;
  readonly application: string;
  readonly namespace: string;
  readonly tiers: readonly TierPlacement[];
}

/** One end of a flow. */
export type Endpoint = { readonly tier: string } | { readonly peer: string };

/** A port of a flow: the name of a port of the destination tier, or a number. */
export type FlowPort = string | PortRange;

/** One allowed connection: egress of `from`, ingress of `to`. Without `environments` it holds in all of them. */
export interface Flow extends Described {
  readonly name: string;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly ports: readonly FlowPort[];
  readonly environments?: readonly string[];
  readonly reason?: string;
}

/** `application/tier`, as flows refer to a tier. */
export function tierRef(tier: { readonly application: string; readonly name: string }): string {
  return `${tier.application}/${tier.name}`;
}

/** `application/tier`, or the name of the peer: a peer has no slash in its name. */
export function endName(end: Endpoint): string {
  return 'tier' in end ? end.tier : end.peer;
}
