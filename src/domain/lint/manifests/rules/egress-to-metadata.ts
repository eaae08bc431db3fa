import { hasPort } from '../../../evaluate/port-set.js';
import { holdsMetadata } from '../../addresses.js';
import { egressReaches, formatReach } from '../egress-reach.js';
import { placeOf } from '../linted-policy.js';
import type { ManifestRule } from '../manifest-facts.js';

/** Whoever can make a pod call an address of its choice reads the node's credentials there. */
export const egressToMetadata: ManifestRule = {
  code: 'egress-to-metadata',
  severity: 'warning',
  what: 'Egress on TCP 80 to a wide block that holds 169.254.169.254, where clouds hand out credentials, but is not everything.',
  mend: 'Add 169.254.0.0/16 (or 169.254.169.254/32) to the excepts of the block.',
  find: ({ policies }) =>
    egressReaches(policies)
      .filter(
        ({ extent, blocks, rules }) =>
          rules.length === 1 &&
          extent !== 'everywhere' &&
          rules.every(({ opens }) => hasPort(opens.fixed, 'TCP', 80)) &&
          holdsMetadata(blocks),
      )
      .map(({ policy, path, blocks }) => ({
        path: placeOf(policy, path),
        message: `NetworkPolicy ${policy.ref} lets its pods reach 169.254.169.254 on TCP 80, the metadata service of most clouds`,
        value: formatReach(blocks),
      })),
};
