import { egressReaches, formatReach } from '../egress-reach.js';
import { placeOf } from '../linted-policy.js';
import type { ManifestRule } from '../manifest-facts.js';
import { formatOpens } from '../rule-ports.js';

/** 0.0.0.0/0 or ::/0, in whatever pieces it is written, or no `to` at all. */
export const egressToEverywhere: ManifestRule = {
  code: 'egress-to-everywhere',
  severity: 'warning',
  what: 'Egress to every address: a rule without `to`, 0.0.0.0/0 or ::/0, also in pieces. Name lookups are left out.',
  mend: 'Name who is called. For the internet: 0.0.0.0/0 except the private ranges and 169.254.0.0/16, and the ports that are needed.',
  find: ({ policies }) =>
    egressReaches(policies)
      .filter(({ extent }) => extent === 'everywhere')
      .map(({ policy, path, rules, blocks }) => ({
        path: placeOf(policy, path),
        message: `NetworkPolicy ${policy.ref} lets its pods reach ${blocks.length === 0 ? 'anyone, inside and outside the cluster,' : 'every address'} ${rules.map(({ opens }) => formatOpens(opens)).join(' and ')}`,
        ...(blocks.length === 0 ? {} : { value: formatReach(blocks) }),
      })),
};
