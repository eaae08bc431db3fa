import { blockRanges } from '../../evaluate/ranges.js';
import { selectorKey } from '../../evaluate/selector.js';
import type { NetworkPolicyPeer } from '../../kubernetes/network-policy.js';
import type { LabelSelector } from '../../model/selector.js';
import { namesSelected } from '../selectors.js';
import type { PodLookup } from './pod-lookup.js';

/** Whom one item of `from` or `to` means. */
export type Reach =
  | {
      readonly kind: 'pods';
      /** Those of the manifests. */
      readonly pods: readonly number[];
      /** The namespaces of the manifests that it looks in. */
      readonly namespaces: readonly string[];
      /** `all`: whoever it may mean is among the manifests. `some`: it may mean pods of namespaces that are not here. */
      readonly known: 'all' | 'some';
    }
  | { readonly kind: 'addresses'; readonly isEmpty: boolean };

/** Reads peers in the namespace of their policy, each distinct one once. */
export function reaching(lookup: PodLookup): (namespace: string, peer: NetworkPolicyPeer) => Reach {
  const cache = new Map<string, Map<string, Reach>>();
  return (namespace, { podSelector = {}, namespaceSelector, ipBlock }) => {
    if (ipBlock !== undefined) return { kind: 'addresses', isEmpty: blockRanges(ipBlock).length === 0 };
    const where = namespaceSelector === undefined ? `=${namespace}` : selectorKey(namespaceSelector);
    const here = cache.get(where) ?? new Map<string, Reach>();
    cache.set(where, here);
    const pods = selectorKey(podSelector);
    const found = here.get(pods) ?? podsReach(lookup, namespace, podSelector, namespaceSelector);
    here.set(pods, found);
    return found;
  };
}

function podsReach(
  lookup: PodLookup,
  namespace: string,
  podSelector: LabelSelector,
  namespaceSelector: LabelSelector | undefined,
): Reach {
  const namespaces = namespaceSelector === undefined ? [namespace] : lookup.namespaces(namespaceSelector);
  const [only] = namespaces;
  const pods =
    namespaces.length === 1 && only !== undefined
      ? lookup.inNamespace(only, podSelector)
      : namespaces.flatMap((name) => lookup.inNamespace(name, podSelector));
  return { kind: 'pods', pods, namespaces, known: isAll(lookup, namespace, namespaceSelector) ? 'all' : 'some' };
}

/** A selector by name means no other namespaces than those; any other one may match namespaces that are not here. */
function isAll(lookup: PodLookup, namespace: string, selector: LabelSelector | undefined): boolean {
  const names = selector === undefined ? [namespace] : namesSelected(selector);
  return names === undefined ? lookup.isWholeCluster : lookup.isWholeCluster || names.every(lookup.isSeen);
}
