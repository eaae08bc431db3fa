import { eachRule } from '../dead-peers.js';
import { placeOf } from '../linted-policy.js';
import type { ManifestRule } from '../manifest-facts.js';
import { formatPeer } from '../why-peer.js';

/** Excepts that together are the whole block. Each alone is valid, as it is smaller than the block. */
export const blockEmpty: ManifestRule = {
  code: 'block-empty',
  severity: 'warning',
  what: 'An ipBlock whose excepts leave no address of it.',
  mend: 'Remove the block, or those excepts that were not meant.',
  find: (facts) =>
    [...eachRule(facts)].flatMap(([policy, rule]) =>
      (rule.peers ?? [])
        .filter(({ reach }) => reach.kind === 'addresses' && reach.isEmpty)
        .map((peer) => ({
          path: placeOf(policy, [...peer.path, 'ipBlock', 'except']),
          message: `NetworkPolicy ${policy.ref}: the excepts of ${peer.peer.ipBlock?.cidr} cover all of it: the block holds no address`,
          value: formatPeer(peer),
        })),
    ),
};
