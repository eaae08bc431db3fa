import { eachRule } from '../dead-peers.js';
import { placeOf, type LintedPeer } from '../linted-policy.js';
import type { ManifestRule } from '../manifest-facts.js';
import { formatSelector } from '../../selectors.js';

/**
 * A podSelector and a namespaceSelector in two items mean either, in one item both. Where no pod of the policy's own namespace matches
 * the podSelector, a dash too many has opened all pods of other namespaces.
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors
 */
export const selectorsApart: ManifestRule = {
  code: 'selectors-apart',
  severity: 'warning',
  what: 'A podSelector that matches no pod of its own namespace, beside an item that is a namespaceSelector only: one dash too many opens whole namespaces.',
  mend: 'Write namespaceSelector and podSelector in one item (one dash): then both must hold.',
  find: (facts) =>
    [...eachRule(facts)].flatMap(([policy, rule]) =>
      (rule.peers ?? [])
        .filter((peer) => isApart(peer, rule.peers ?? []))
        .map((peer) => ({
          path: placeOf(policy, peer.path),
          message: `NetworkPolicy ${policy.ref}: no pod in namespace ${policy.namespace} has ${formatSelector(peer.peer.podSelector ?? {})}, and the item beside it ${rule.direction === 'ingress' ? 'admits' : 'reaches'} every pod of its namespaces, whatever its labels`,
          value: formatSelector(peer.peer.podSelector ?? {}),
        })),
    ),
};

/** True for a peer of pods of its own namespace that is nobody, beside one of whole namespaces. */
export function isApart({ peer, reach }: LintedPeer, peers: readonly LintedPeer[]): boolean {
  if (peer.podSelector === undefined || peer.namespaceSelector !== undefined) return false;
  if (reach.kind !== 'pods' || reach.known !== 'all' || reach.pods.length > 0) return false;
  return peers.some((other) => other.peer.namespaceSelector !== undefined && other.peer.podSelector === undefined);
}
