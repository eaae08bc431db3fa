import { egressReaches, formatReach } from '../egress-reach.js';
import { placeOf } from '../linted-policy.js';
import type { ManifestRule } from '../manifest-facts.js';
import { opensEveryPort } from '../rule-ports.js';

/** Who may call the internet mostly needs 443. */
export const egressOnEveryPort: ManifestRule = {
  code: 'egress-on-every-port',
  severity: 'info',
  what: 'Egress to the whole internet (private ranges left out) on every port.',
  mend: 'Name the ports that are called; mostly TCP 443.',
  find: ({ policies }) =>
    egressReaches(policies)
      .filter(({ extent, rules }) => extent === 'internet' && rules.every(({ opens }) => opensEveryPort(opens)))
      .map(({ policy, path, blocks }) => ({
        path: placeOf(policy, path),
        message: `NetworkPolicy ${policy.ref} lets its pods reach the whole internet on every port`,
        value: formatReach(blocks),
      })),
};
