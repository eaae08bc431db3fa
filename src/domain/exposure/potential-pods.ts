import { holdsUnknown } from '../evaluate/address-index.js';
import type { WrittenPeers } from '../evaluate/grants.js';
import type { EvaluateOptions } from '../evaluate/options.js';
import { cidrRange } from '../evaluate/ranges.js';
import type { NetworkPolicyPeer } from '../kubernetes/network-policy.js';
import type { Family } from '../model/cidr.js';
import { canOverlap, isSubset, type LabelSelector } from '../model/selector.js';
import {
  namespaceScope,
  scopeText,
  scopeWithin,
  type KnownNamespaces,
  type NamespaceScope,
} from './namespace-scope.js';
import { selectorText } from './selector-text.js';

/** Pods that are not in the manifests, but could be created at any time: by namespace and by labels. */
export interface PotentialPods {
  readonly namespaces: NamespaceScope;
  readonly pods: LabelSelector;
}

/** Pods that a rule names, and over which family it does: selectors name them over both, an ipBlock over its own. */
export interface NamedPods {
  readonly pods: PotentialPods;
  readonly over: Family | 'any';
}

/** Any pod in any namespace. */
export const ENTIRE_CLUSTER: PotentialPods = { namespaces: { kind: 'every' }, pods: {} };

export function isEntireCluster({ namespaces, pods }: PotentialPods): boolean {
  return namespaces.kind === 'every' && isEveryPod(pods);
}

/**
 * The pods that a rule would let in or out were they there. A rule without peers means everyone; an ipBlock means pods where
 * it is taken to match those whose address nobody knows; a selector that no pod can match means none.
 */
export function podsOfRule(
  peers: WrittenPeers,
  namespace: string,
  known: KnownNamespaces,
  options: EvaluateOptions,
): readonly NamedPods[] {
  if (peers === undefined || peers.length === 0) return [{ pods: ENTIRE_CLUSTER, over: 'any' }];
  return peers.flatMap((peer) => podsOfPeer(peer, namespace, known, options));
}

function podsOfPeer(
  { ipBlock, namespaceSelector, podSelector = {} }: NetworkPolicyPeer,
  namespace: string,
  known: KnownNamespaces,
  options: EvaluateOptions,
): readonly NamedPods[] {
  if (ipBlock !== undefined) {
    const family = cidrRange(ipBlock.cidr)?.family;
    return family !== undefined && holdsUnknown(ipBlock, options) ? [{ pods: ENTIRE_CLUSTER, over: family }] : [];
  }
  const namespaces: NamespaceScope | undefined =
    namespaceSelector === undefined ? { kind: 'one', name: namespace } : namespaceScope(namespaceSelector, known);
  if (namespaces === undefined || !canOverlap(podSelector, {})) return [];
  return [{ pods: { namespaces, pods: podSelector }, over: 'any' }];
}

/** Every pod that `inner` means is one that `outer` means. */
export function podsWithin(inner: PotentialPods, outer: PotentialPods, known: KnownNamespaces): boolean {
  return isSubset(inner.pods, outer.pods) && scopeWithin(inner.namespaces, outer.namespaces, known);
}

/**
 * How answers call them: `entire-cluster`, or namespaces and pods, each `*` (all), a name, or a selector in braces.
 * @example podsText({ namespaces: { kind: 'one', name: 'shop' }, pods: { matchLabels: { app: 'web' } } }) // 'shop/{app=web}[Pods]'
 */
export function podsText(potential: PotentialPods): string {
  if (isEntireCluster(potential)) return 'entire-cluster';
  const { namespaces, pods } = potential;
  return `${scopeText(namespaces)}/${isEveryPod(pods) ? '*' : `{${selectorText(pods)}}`}[Pods]`;
}

function isEveryPod(pods: LabelSelector): boolean {
  return isSubset({}, pods);
}
