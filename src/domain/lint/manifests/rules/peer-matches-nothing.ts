import { eachRule, isDead } from '../dead-peers.js';
import { placeOf } from '../linted-policy.js';
import type { ManifestRule } from '../manifest-facts.js';
import { isApart } from './selectors-apart.js';
import { formatPeer, whyPeer } from '../why-peer.js';

/** One of several peers is nobody; where all are, rule-unusable says so. */
export const peerMatchesNothing: ManifestRule = {
  code: 'peer-matches-nothing',
  severity: 'warning',
  what: 'A peer that matches no pod (or holds no address), beside peers that do.',
  mend: 'Correct its labels, or remove the peer.',
  find: (facts) =>
    [...eachRule(facts)].flatMap(([policy, rule]) => {
      const peers = rule.peers ?? [];
      const dead = peers.map((peer) => isDead(peer, facts));
      if (dead.every((how) => how !== undefined)) return [];
      return peers.flatMap((peer, index) => {
        const how = dead[index];
        if (how === undefined || peer.reach.kind === 'addresses' || isApart(peer, peers)) return [];
        return [
          {
            path: placeOf(policy, peer.path),
            message: `NetworkPolicy ${policy.ref}: ${formatPeer(peer)} is nobody: ${whyPeer(peer, policy, facts)}`,
            value: formatPeer(peer),
            ...(how === 'as-far-as-known' ? { severity: 'info' as const } : {}),
          },
        ];
      });
    }),
};
