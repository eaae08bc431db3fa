import type { LintedPeer, LintedPolicy } from './linted-policy.js';
import type { ManifestFacts } from './manifest-facts.js';
import { formatSelector } from '../selectors.js';
import { whyNobody } from './why-nobody.js';

/** Why a peer means nobody, in words. */
export function whyPeer({ peer, reach }: LintedPeer, { namespace }: LintedPolicy, facts: ManifestFacts): string {
  if (peer.ipBlock !== undefined) return `${formatPeer({ peer })} holds no address`;
  if (peer.namespaceSelector === undefined) return whyNobody(facts, [namespace], peer.podSelector ?? {});
  const namespaces = reach.kind === 'pods' ? reach.namespaces : [];
  if (namespaces.length === 0) return `no namespace of these manifests has ${formatSelector(peer.namespaceSelector)}`;
  return whyNobody(facts, namespaces, peer.podSelector ?? {});
}

/** A peer in one line. */
export function formatPeer({ peer }: Pick<LintedPeer, 'peer'>): string {
  const { ipBlock, namespaceSelector, podSelector } = peer;
  if (ipBlock !== undefined) return [ipBlock.cidr, ...(ipBlock.except ?? [])].join(' except ');
  const pods = podSelector === undefined ? 'all pods' : `pods ${formatSelector(podSelector)}`;
  return namespaceSelector === undefined ? pods : `${pods} in namespaces ${formatSelector(namespaceSelector)}`;
}
