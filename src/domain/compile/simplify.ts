import { compareText } from '../errors.js';
import { comparePorts } from '../model/ports.js';
import { widestBlocks } from './addresses.js';
import type { PortSet, Reach, Rule, RulePeer } from './compiled.js';
import { mergeValues } from './merge-values.js';
import { portSet, unionPorts, withoutHeldPorts } from './port-sets.js';

interface PeerPorts {
  readonly peer: RulePeer;
  readonly ports: PortSet;
}

/**
 * The fewest rules we know that admit the same: one for each set of ports, in order.
 * Rules are additive (a connection needs one rule where a peer and a port match), so regrouping pairs of peer and port changes nothing.
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource
 * @example simplify([{ peers: [users], ports: http }, { peers: [users], ports: https }]) // [{ peers: [users], ports: 80 and 443 }]
 */
export function simplify(rules: readonly Rule[]): Rule[] {
  let simple = regroup(rules);
  // Values merged under some ports may be a peer that stands under other ports too: their ports come together next.
  while (namesTwice(simple)) simple = regroup(simple);
  return simple;
}

function namesTwice(rules: readonly Rule[]): boolean {
  const seen = new Set<string>();
  return (
    rules.length > 1 && rules.some(({ peers }) => peersOf(peers).some(({ key }) => seen.size === seen.add(key).size))
  );
}

/** Ports come together by peer, then peers by ports. */
function regroup(rules: readonly Rule[]): Rule[] {
  const open = portsOpenToAnyone(rules);
  const pairs = mergePortsOfSamePeers(rules);
  const closed = open.ranges.length === 0 ? pairs : leaveOutOpenPorts(pairs, open);
  const merged = mergePeersOfSamePorts(closed);
  return sortRules(open.ranges.length === 0 ? merged : [{ peers: 'anywhere', ports: open }, ...merged]);
}

function portsOpenToAnyone(rules: readonly Rule[]): PortSet {
  return portSet(rules.filter((rule) => rule.peers === 'anywhere').flatMap((rule) => rule.ports.ranges));
}

function mergePortsOfSamePeers(rules: readonly Rule[]): PeerPorts[] {
  const byPeer = new Map<string, PeerPorts>();
  for (const rule of rules) {
    for (const peer of peersOf(rule.peers)) {
      const before = byPeer.get(peer.key);
      byPeer.set(peer.key, { peer, ports: before === undefined ? rule.ports : unionPorts(before.ports, rule.ports) });
    }
  }
  return [...byPeer.values()];
}

function leaveOutOpenPorts(pairs: readonly PeerPorts[], open: PortSet): PeerPorts[] {
  return pairs
    .map(({ peer, ports }) => ({ peer, ports: withoutHeldPorts(ports, open) }))
    .filter(({ ports }) => ports.ranges.length > 0);
}

function mergePeersOfSamePorts(pairs: readonly PeerPorts[]): Rule[] {
  const byPorts = new Map<string, { ports: PortSet; peers: RulePeer[] }>();
  for (const { peer, ports } of pairs) {
    const same = byPorts.get(ports.key);
    if (same === undefined) byPorts.set(ports.key, { ports, peers: [peer] });
    else same.peers.push(peer);
  }
  return [...byPorts.values()].map(({ ports, peers }) => ({ peers: fewestPeers(peers), ports }));
}

function fewestPeers(peers: readonly RulePeer[]): RulePeer[] {
  if (peers.length < 2) return [...peers];
  const pods = mergeValues(peers.filter((peer) => peer.kind === 'pods'));
  const blocks = widestBlocks(peers.filter((peer) => peer.kind === 'block'));
  return [...pods.sort((a, b) => compareText(a.key, b.key)), ...blocks];
}

/** By ports. No two rules have the same: what is open to anyone was taken out of the others. */
function sortRules(rules: Rule[]): Rule[] {
  return rules.sort((a, b) => comparePortSets(a.ports, b.ports));
}

function comparePortSets(a: PortSet, b: PortSet): number {
  for (const [index, range] of a.ranges.entries()) {
    const other = b.ranges[index];
    const order = other === undefined ? 1 : comparePorts(range, other);
    if (order !== 0) return order;
  }
  return a.ranges.length - b.ranges.length;
}

function peersOf(reach: Reach): readonly RulePeer[] {
  return reach === 'anywhere' ? [] : reach;
}
