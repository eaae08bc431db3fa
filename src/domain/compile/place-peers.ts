import type { Finding } from '../finding.js';
import type { Peer, Profile } from '../model/entities.js';
import type { LabelSelector } from '../model/selector.js';
import type { Snapshot } from '../model/snapshot.js';
import { addresses, internet, type Addresses } from './addresses.js';
import type { Reach } from './compiled.js';
import { finding } from './findings.js';
import { canonicalSelector, podsPeer } from './selectors.js';

/** A peer in this environment. Pods of a peer without a namespaceSelector stand in the namespace of the flow's other end. */
export interface PlacedPeer {
  readonly name: string;
  readonly kind: Peer['kind'];
  readonly seenFrom: (namespace: string) => Reach;
}

export interface PlacedPeers {
  readonly peers: ReadonlyMap<string, PlacedPeer>;
  readonly findings: readonly Finding[];
}

/**
 * What each peer of the model is in this environment: its addresses here, and the profile's for nodes and the API server.
 * @example placePeers(snapshot).peers.get('users')?.seenFrom('shop')
 */
export function placePeers(snapshot: Snapshot): PlacedPeers {
  const findings: Finding[] = [];
  const { name, profile } = snapshot.environment;
  const peers = snapshot.peers.map((peer) => [peer.name, placePeer(peer, name, profile, findings)] as const);
  return { peers: new Map(peers), findings };
}

function placePeer(peer: Peer, environment: string, profile: Profile, findings: Finding[]): PlacedPeer {
  const fixed = (seen: Reach): PlacedPeer => ({ name: peer.name, kind: peer.kind, seenFrom: () => seen });
  const known = (found: Addresses): PlacedPeer => {
    for (const text of found.leftOut) {
      const message = `block ${text} of peer "${peer.name}" in environment "${environment}" holds no address that can be read`;
      findings.push(finding('block-left-out', `peer/${peer.name}`, message));
    }
    return fixed(found.blocks);
  };
  switch (peer.kind) {
    case 'pods':
      return {
        name: peer.name,
        kind: peer.kind,
        seenFrom: podsSeenFrom(peer.namespaceSelector, peer.podSelector ?? {}),
      };
    case 'cidr':
      return known(addresses(peer.blocks.filter((block) => block.environments?.includes(environment) ?? true)));
    case 'internet':
      return known(internet(peer.except));
    case 'anywhere':
      return fixed('anywhere');
    case 'nodes':
      return known(addresses(profile.nodeCidrs.map((cidr) => ({ cidr }))));
    case 'apiserver':
      return known(addresses(profile.apiServerCidrs.map((cidr) => ({ cidr }))));
  }
}

function podsSeenFrom(namespaces: LabelSelector | undefined, pods: LabelSelector): (namespace: string) => Reach {
  const podSelector = canonicalSelector(pods);
  if (namespaces === undefined) return (namespace) => [podsPeer(namespace, podSelector)];
  const seen = [podsPeer(namespaces, podSelector)];
  return () => seen;
}
