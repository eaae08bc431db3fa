import { placeOf } from '../linted-policy.js';
import type { ManifestRule } from '../manifest-facts.js';
import { opensEveryPort } from '../rule-ports.js';

/** Right for what the whole world may call on every port, which is rare: mostly the port was forgotten. */
export const ingressFromAnyone: ManifestRule = {
  code: 'ingress-from-anyone',
  severity: 'info',
  what: 'An ingress rule without `from` that opens every port: anyone, inside and outside the cluster, reaches every port of the pods.',
  mend: 'Name the ports that anyone may reach, or who may reach the others.',
  find: ({ policies }) =>
    policies.flatMap((policy) =>
      policy.rules
        .filter(
          ({ direction, peers, opens }) => direction === 'ingress' && peers === undefined && opensEveryPort(opens),
        )
        .map(({ path }) => ({
          path: placeOf(policy, path),
          message: `NetworkPolicy ${policy.ref} admits anyone, inside and outside the cluster, on every port`,
        })),
    ),
};
