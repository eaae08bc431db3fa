import type { Environment, Peer } from '../../model/entities.js';
import { podSet, type PodSet } from '../pods/pod-set.js';
import { addressesOf, internetAddresses, type Addresses } from './addresses.js';

/** Whom an end of a flow means, seen from the other end. Equal ends of one reading are one object. */
export type End =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'pods'; readonly pods: PodSet }
  | { readonly kind: 'addresses'; readonly addresses: Addresses };

const EVERYONE: End = { kind: 'everyone' };

/** What a peer means here, seen from a namespace; nothing where it has no address in this environment. */
export type PeerEnds = (peer: Peer, seenFrom: string) => End | undefined;

/**
 * Reads peers, each once: pods without a namespaceSelector once for each namespace they are seen from.
 * @example peerEnds(environment)(users, 'shop') // { kind: 'pods', pods: those of role=user in shop }
 */
export function peerEnds(environment: Environment): PeerEnds {
  const known = new Map<string, End | undefined>();
  return (peer, seenFrom) => {
    const beside = peer.kind === 'pods' && peer.namespaceSelector === undefined;
    const key = beside ? `${peer.name} ${seenFrom}` : peer.name;
    if (!known.has(key)) known.set(key, peerEnd(peer, seenFrom, environment));
    return known.get(key);
  };
}

function peerEnd(peer: Peer, seenFrom: string, { name, profile }: Environment): End | undefined {
  switch (peer.kind) {
    case 'pods':
      return podsEnd(podSet(peer.namespaceSelector ?? seenFrom, peer.podSelector ?? {}));
    case 'cidr':
      return addressesEnd(addressesOf(peer.blocks.filter((block) => block.environments?.includes(name) ?? true)));
    case 'internet':
      return addressesEnd(internetAddresses(peer.except));
    case 'anywhere':
      return EVERYONE;
    case 'nodes':
      return addressesEnd(addressesOf(profile.nodeCidrs.map((cidr) => ({ cidr }))));
    case 'apiserver':
      return addressesEnd(addressesOf(profile.apiServerCidrs.map((cidr) => ({ cidr }))));
  }
}

/** Pods by labels. */
export function podsEnd(pods: PodSet): End {
  return { kind: 'pods', pods };
}

/** Addresses, where there are any. */
export function addressesEnd(addresses: Addresses | undefined): End | undefined {
  return addresses === undefined ? undefined : { kind: 'addresses', addresses };
}
