import type { NetworkPolicyPeer } from '../kubernetes/network-policy.js';
import type { Family } from '../model/cidr.js';
import type { PodsInBlock } from './address-index.js';
import { selectorKey } from './selector.js';
import type { Select } from './select.js';

/** The pods that one peer means, and over which family: selectors match over both, an ipBlock only over its own. */
export interface PeerPods {
  /** Equal for peers that mean the same. */
  readonly id: number;
  readonly family: Family | 'any';
  readonly classes: readonly number[];
}

/** Gives whom a peer means, seen from the namespace of its policy. */
export type PodsOfPeer = (namespace: string, peer: NetworkPolicyPeer) => PeerPods;

/** Reads each peer once, for both directions. Most rules name the same few peers, which are mostly one object: its text is made once. */
export function podsOfPeers(select: Select, inBlock: PodsInBlock): PodsOfPeer {
  const read = readPeer(select, inBlock);
  const byObject = new Map<NetworkPolicyPeer, PeerPods>();
  const byText = new Map<string, PeerPods>();
  return (namespace, peer) => {
    const same = byObject.get(peer);
    if (same !== undefined) return same;
    const text = peerText(namespace, peer);
    const pods = byText.get(text) ?? read(namespace, peer, byText.size);
    byText.set(text, pods);
    if (peer.namespaceSelector !== undefined || peer.ipBlock !== undefined) byObject.set(peer, pods);
    return pods;
  };
}

/** As podsOfPeers, each peer anew: for few pods that costs less than finding that it was read before. */
export function podsOfFew(select: Select, inBlock: PodsInBlock): PodsOfPeer {
  const read = readPeer(select, inBlock);
  let made = 0;
  return (namespace, peer) => read(namespace, peer, made++);
}

type ReadPeer = (namespace: string, peer: NetworkPolicyPeer, id: number) => PeerPods;

function readPeer(select: Select, inBlock: PodsInBlock): ReadPeer {
  return (namespace, peer, id) => {
    if (peer.ipBlock === undefined) return { id, family: 'any', classes: select(namespace, peer) };
    const found = inBlock(peer.ipBlock);
    return { id, family: found[0]?.family ?? 'any', classes: found.map((pods) => pods.id) };
  };
}

function peerText(namespace: string, { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer): string {
  if (ipBlock !== undefined) return JSON.stringify([ipBlock.cidr, ...(ipBlock.except ?? [])]);
  const where = namespaceSelector === undefined ? `=${namespace.length}:${namespace}` : selectorKey(namespaceSelector);
  return `${where}\n${podSelector === undefined ? '|' : selectorKey(podSelector)}`;
}
