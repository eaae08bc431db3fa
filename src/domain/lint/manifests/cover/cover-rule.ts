import type { PortRule } from '../../../evaluate/port-rule.js';
import { ALL_PORTS, everyPortOf, isNoPorts, subtractPorts, unionOf } from '../../../evaluate/port-set.js';
import { blockRanges } from '../../../evaluate/ranges.js';
import { NAMESPACE_NAME_LABEL } from '../../../kubernetes/namespaces.js';
import type { IpBlock, NetworkPolicyPeer } from '../../../kubernetes/network-policy.js';
import type { Protocol } from '../../../model/ports.js';
import { isSubset, type LabelSelector } from '../../../model/selector.js';
import { holdsRange } from '../../addresses.js';
import type { LintedRule } from '../linted-policy.js';

/**
 * True where whatever `rule` allows, some of `others` allow too, whatever pods there are: judged by selectors, blocks and ports, not by
 * the pods of the manifests. All are rules of one direction and one namespace. False where it cannot be told.
 */
export function isCovered(namespace: string, rule: LintedRule, others: readonly LintedRule[]): boolean {
  const peers = rule.peers?.map(({ peer }) => peer) ?? ['anyone' as const];
  return peers.every((peer) => {
    const covering = others.filter((other) => coversPeer(namespace, peer, other));
    return opensAll(
      rule.opens,
      covering.map(({ opens }) => opens),
    );
  });
}

type Peer = NetworkPolicyPeer | 'anyone';

function coversPeer(namespace: string, inner: Peer, { peers }: LintedRule): boolean {
  if (peers === undefined) return true;
  if (inner === 'anyone') return false;
  if (inner.ipBlock !== undefined) {
    const isWhole = holdsPodsOfAnyAddress(inner.ipBlock);
    if (isWhole && !peers.some(({ peer }) => peer.ipBlock !== undefined && holdsPodsOfAnyAddress(peer.ipBlock)))
      return false;
    const held = peers.flatMap(({ peer }) => (peer.ipBlock === undefined ? [] : blockRanges(peer.ipBlock)));
    return blockRanges(inner.ipBlock).every((range) => holdsRange(held, range));
  }
  return peers.some(
    ({ peer }) =>
      peer.ipBlock === undefined &&
      !areApart(inner.podSelector, peer.podSelector) &&
      !areApart(inner.namespaceSelector, peer.namespaceSelector) &&
      isSubset(scopeOf(namespace, inner), scopeOf(namespace, peer)) &&
      isSubset(inner.podSelector ?? {}, peer.podSelector ?? {}),
  );
}

/** Of a pod whose address is not known only a block of everything is sure to hold it: pieces do not stand in for it. */
function holdsPodsOfAnyAddress({ cidr, except = [] }: IpBlock): boolean {
  return cidr.endsWith('/0') && except.length === 0;
}

/** A first look that settles most pairs: a label with another value on either side. */
function areApart(inner: LabelSelector | undefined, outer: LabelSelector | undefined): boolean {
  const [own, wanted] = [inner?.matchLabels, outer?.matchLabels];
  if (own === undefined || wanted === undefined) return false;
  for (const key of Object.keys(wanted)) if (Object.hasOwn(own, key) && own[key] !== wanted[key]) return true;
  return false;
}

/** Pods of the own namespace are pods of the namespace that carries its name, as every one does. */
function scopeOf(namespace: string, { namespaceSelector }: NetworkPolicyPeer): LabelSelector {
  const named = { key: NAMESPACE_NAME_LABEL, operator: 'Exists' as const };
  if (namespaceSelector === undefined) return { matchLabels: { [NAMESPACE_NAME_LABEL]: namespace } };
  return { ...namespaceSelector, matchExpressions: [...(namespaceSelector.matchExpressions ?? []), named] };
}

/** All ports of `wanted` are among those of `given`: names only where the name itself, or the whole protocol, is given. */
function opensAll(wanted: PortRule, given: readonly PortRule[]): boolean {
  const fixed = unionOf(given.map((rule) => rule.fixed));
  if (fixed === ALL_PORTS) return true;
  const names = new Set(given.flatMap(({ named }) => named));
  const nameIsOpen = (name: string): boolean => {
    const protocol = name.slice(0, name.indexOf('/')) as Protocol;
    return names.has(name) || isNoPorts(subtractPorts(everyPortOf(protocol), fixed));
  };
  return isNoPorts(subtractPorts(wanted.fixed, fixed)) && wanted.named.every(nameIsOpen);
}

/** How many peers there are to compare: anyone counts as one. */
export function peersIn(rules: readonly LintedRule[]): number {
  return rules.reduce((sum, { peers }) => sum + (peers?.length ?? 1), 0);
}
