import { isDead, eachRule } from '../dead-peers.js';
import { placeOf } from '../linted-policy.js';
import type { ManifestRule } from '../manifest-facts.js';
import { whyPeer } from '../why-peer.js';

/** Nobody can use a rule whose peers are all nobody. */
export const ruleUnusable: ManifestRule = {
  code: 'rule-unusable',
  severity: 'warning',
  what: 'A rule none of whose peers matches a pod or holds an address: nobody can use it.',
  mend: 'Correct the labels of the peers, or remove the rule.',
  find: (facts) =>
    [...eachRule(facts)].flatMap(([policy, rule]) => {
      const dead = (rule.peers ?? []).map((peer) => isDead(peer, facts));
      if (rule.peers === undefined || dead.some((how) => how === undefined)) return [];
      const reasons = rule.peers.map((peer) => whyPeer(peer, policy, facts)).join('; ');
      const who = rule.direction === 'ingress' ? 'lets nobody in' : 'lets the pods reach nobody';
      return [
        {
          path: placeOf(policy, rule.path),
          message: `NetworkPolicy ${policy.ref}: this ${rule.direction} rule ${who}: ${reasons}`,
          ...(dead.includes('as-far-as-known') ? { severity: 'info' as const } : {}),
        },
      ];
    }),
};
